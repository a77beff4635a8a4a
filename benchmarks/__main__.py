"""All measurements, one after another: `python -m benchmarks`."""

from benchmarks import completion, footprint

completion.main()
footprint.main()
