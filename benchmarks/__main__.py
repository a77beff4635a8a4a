"""All measurements, one after another: `python -m benchmarks`."""

from benchmarks import completion, engine, footprint

engine.main()
completion.main()
footprint.main()
