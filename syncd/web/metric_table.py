"""Every metric by name: what it counts, in which unit, by which labels. No order, product or customer is a label."""

from __future__ import annotations

from dataclasses import dataclass

GAUGE, COUNTER = "gauge", "counter"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; a counter's name ends in `_total`, and it begins at 0 whenever the daemon starts or reloads."""

    name: str
    kind: str
    labels: tuple[str, ...]
    help: str


METRICS = (
    Metric("syncd_build_info", GAUGE, ("version", "python"), "Always 1; the version that runs."),
    Metric("syncd_shop_info", GAUGE, ("shop", "language"), "Always 1; the shop of this daemon."),
    Metric("syncd_orders", GAUGE, ("state",), "Orders in each state."),
    Metric("syncd_held_orders", GAUGE, ("code",), "Orders that wait for a person or for their cause to go away."),
    Metric("syncd_tasks_open", GAUGE, ("code",), "Tasks that people have not done yet."),
    Metric("syncd_writes_in_doubt", GAUGE, (), "Writes that were sent and that no read has shown yet."),
    Metric("syncd_cycles_total", COUNTER, ("cycle",), "Cycles that ended, well or not."),
    Metric("syncd_cycle_failures_total", COUNTER, ("cycle",), "Cycles that ended with an error."),
    Metric("syncd_cycle_duration_seconds", GAUGE, ("cycle",), "How long the last cycle took."),
    Metric("syncd_cycle_progress_age_seconds", GAUGE, ("cycle",), "How long a cycle has run or been due; 0 at rest."),
    Metric("syncd_cycle_interval_seconds", GAUGE, ("cycle",), "Pause between two cycles, from the config."),
    Metric("syncd_cycle_last_success_timestamp_seconds", GAUGE, ("cycle",), "When the last cycle went well (Unix)."),
    Metric("syncd_cycle_failing", GAUGE, ("cycle",), "1 when the last cycle failed, else 0."),
    Metric("syncd_stock_oldest_figure_age_seconds", GAUGE, (), "Age of the oldest stock figure read from KiotViet."),
    Metric("syncd_stock_figures_differing", GAUGE, (), "Haravan's figures that were wrong when last compared."),
    Metric("syncd_stock_written_total", COUNTER, (), "Stock figures written to Haravan and read back."),
    Metric("syncd_stock_plan_refused", GAUGE, (), "1 while a stock plan waits for 'syncd once --force-stock', else 0."),
    Metric("syncd_drift_found_total", COUNTER, ("kind",), "Differences that only a full comparison found."),
    Metric("syncd_api_calls_total", COUNTER, ("remote", "kind"), "API calls sent."),
    Metric("syncd_kiotviet_gets_last_hour", GAUGE, (), "GETs to KiotViet in the rolling hour."),
    Metric("syncd_kiotviet_gets_limit", GAUGE, (), "GETs to KiotViet an hour that syncd allows itself now."),
    Metric("syncd_credentials_refused", GAUGE, ("remote",), "1 while the remote refuses the credentials, else 0."),
    Metric("syncd_backfill_orders", GAUGE, ("progress",), "Old orders read, and still waiting; 0 without a backfill."),
    Metric("syncd_concerns", GAUGE, ("kind", "level"), "Things that a person must know now."),
    Metric("syncd_store_readable", GAUGE, (), "1 when the database answered this scrape, else 0."),
    Metric("syncd_database_bytes", GAUGE, (), "Size of the database with its write-ahead log."),
    Metric("syncd_database_free_bytes", GAUGE, (), "Free space where the database lies."),
    Metric("syncd_last_backup_timestamp_seconds", GAUGE, (), "When 'syncd backup' last succeeded (Unix)."),
    Metric("process_start_time_seconds", GAUGE, (), "When this daemon started (Unix)."),
    Metric("process_cpu_seconds_total", COUNTER, (), "Processor time used."),
    Metric("process_resident_memory_bytes", GAUGE, (), "Memory in use."),
    Metric("process_virtual_memory_bytes", GAUGE, (), "Address space in use."),
    Metric("process_open_fds", GAUGE, (), "Open files and sockets."),
    Metric("process_max_fds", GAUGE, (), "Files and sockets that may be open."),
)


def markdown() -> str:
    """The table for README.md."""
    rows = [f"| `{m.name}` | {m.kind} | {', '.join(m.labels) or '-'} | {m.help} |" for m in METRICS]
    return "\n".join(["| metric | type | labels | what |", "| --- | --- | --- | --- |", *rows])
