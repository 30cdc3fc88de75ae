"""Answer quality on public sets, through the product's own ingestion, search and engine.

    python -m benchmarks.quality xquad_en --configuration full --sample 200 --cache DIR
    python -m benchmarks.quality --cache DIR          # every set with every configuration

The sets lie beside the repository (``../shared/data``); their names are in ``sets``, the
configurations (bm25, dense, hybrid, full: what ranks; answers: what is answered, too) in
``evaluation``. ``--cache`` keeps the indexed data directories and all vectors: where chunking or
analysis changes, an index is made anew, and only windows with new text are embedded.
``--output`` keeps what came of each question. From Python:

    asyncio.run(evaluate("xquad_en", "full", cache=Path(DIR)))  # {"retrieval": {"nDCG@10": …}, …}
"""
