"""Performance, measured: `make bench`. Each figure stands beside what it is compared with, all of them from one run.

    __main__            sizes, nights and comparisons in order, and the table that is printed
    measuring           a command as a process: seconds, processor time, peak memory, and its split by stage
    trials              simulated trials and their landing folders, night by night
    bare_duckdb         the same files and the same compiled SQL, with nothing around them
    pandas_derivation   the same derivation in plain pandas
    formats             readers beside plain libraries, and the memory of files of gigabytes (`--formats`)
    format_files        the files they are measured on
    format_reader       one reading, a process of its own

No test asks for a speed: a machine with other work would fail it. What was measured stands in docs/performance.md.
"""
