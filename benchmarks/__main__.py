"""All measurements, one after another: `python -m benchmarks`."""

from benchmarks import completion, engine, footprint, inbox

engine.main()
completion.main()
footprint.main()
inbox.main()
