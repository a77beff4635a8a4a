import time, statistics, cProfile, pstats

REVIEW = ("review.bpmn", "application.form", "opinion.form", "receipt.form")


def test_time(stage, deploy, count_statements):
    deploy(*REVIEW)
    officer = stage.cast.officer
    tasks = []
    for _ in range(220):
        s = stage.start("review", variables={"姓名": "王小明"})
        tasks.append(stage.task(s.instance_key, "check"))

    def run(ts):
        out = []
        for t in ts:
            a = time.process_time()
            stage.complete(t, officer, {"核对意见": "属实"}, outcome="approve")
            out.append((time.process_time() - a) * 1e3)
        return out

    run(tasks[:10])
    out = run(tasks[10:160])
    pr = cProfile.Profile()
    pr.enable()
    run(tasks[160:])
    pr.disable()
    print(
        stage.rooms.database.dialect,
        "p50",
        statistics.median(out),
        "p90",
        sorted(out)[int(len(out) * 0.9)],
        "min",
        min(out),
    )
    pstats.Stats(pr).sort_stats("tottime").print_stats(28)
