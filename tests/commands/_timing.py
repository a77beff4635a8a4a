import time, statistics, threading
REVIEW = ("review.bpmn", "application.form", "opinion.form", "receipt.form")
def test_time(stage, deploy, count_statements):
    deploy(*REVIEW, "errand.bpmn")
    officer = stage.cast.officer
    tasks = []
    for _ in range(230):
        s = stage.start("review", variables={"姓名": "王小明"})
        tasks.append(stage.task(s.instance_key, "check"))
    wall, cpu = [], []
    for i, t in enumerate(tasks):
        a, c = time.perf_counter(), time.process_time()
        stage.complete(t, officer, {"核对意见": "属实"}, outcome="approve")
        if i >= 30: wall.append((time.perf_counter()-a)*1e3); cpu.append((time.process_time()-c)*1e3)
    print(stage.rooms.database.dialect, "form: wall p50 %.1f min %.1f  cpu p50 %.1f min %.1f" % (statistics.median(wall), min(wall), statistics.median(cpu), min(cpu)))
    wall, cpu = [], []
    for i in range(230):
        t = stage.task(stage.start("errand").instance_key, "ask")
        a, c = time.perf_counter(), time.process_time()
        stage.complete(t, stage.cast.applicant)
        if i >= 30: wall.append((time.perf_counter()-a)*1e3); cpu.append((time.process_time()-c)*1e3)
    print(stage.rooms.database.dialect, "no form: wall p50 %.1f min %.1f  cpu p50 %.1f min %.1f" % (statistics.median(wall), min(wall), statistics.median(cpu), min(cpu)))

def test_stress(stage, deploy):
    deploy("parallel.bpmn", "note_left.form", "note_right.form")
    keys = [stage.start("parallel").instance_key for _ in range(60)]
    jobs = [(stage.task(k, e), p) for k in keys for e, p in (("left", stage.cast.applicant), ("right", stage.cast.officer)) for _ in (1, 2)]
    import random; random.shuffle(jobs)
    errors = []; lock = threading.Lock()
    def work():
        while True:
            with lock:
                if not jobs: return
                t, p = jobs.pop()
            try: stage.complete(t, p, {})
            except Exception as e: errors.append(type(e).__name__)
    ts = [threading.Thread(target=work) for _ in range(8)]
    a = time.perf_counter()
    [t.start() for t in ts]; [t.join() for t in ts]
    from collections import Counter
    print(stage.rooms.database.dialect, "stress", Counter(errors), "%.1f/s" % (240/(time.perf_counter()-a)), Counter(str(stage.open_tasks(k)) for k in keys))
    stage.acts(keys[0])
