import cProfile, pstats
def test_profile(stage, deploy):
    deploy("errand.bpmn")
    tasks = [stage.task(stage.start("errand").instance_key, "ask") for _ in range(230)]
    for t in tasks[:30]: stage.complete(t, stage.cast.applicant)
    pr = cProfile.Profile(); pr.enable()
    for t in tasks[30:]: stage.complete(t, stage.cast.applicant)
    pr.disable()
    p = pstats.Stats(pr)
    p.sort_stats("cumtime").print_stats(75)
    p.sort_stats("tottime").print_stats(25)
