"""All measurements, one after another: `python -m benchmarks`."""

from benchmarks import completion, engine, footprint, inbox, timers

engine.main()
completion.main()
footprint.main()
inbox.main()
timers.main()
