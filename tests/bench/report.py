def line(r):
    peers = "; ".join(f"{c.peer} {c.figure:.1f}: {c.ratio:.2f}x [{c.least:.2f}-{c.most:.2f}]" for c in r.compared)
    return f"{r.name:28} {r.product} {r.unit} | {peers} | must {r.must} goal {r.goal}: {r.verdict} {r.remark} {r.missing}"
def save(results): pass
