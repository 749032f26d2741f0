"""Executes a notebook's code cells in one namespace, as a kernel would, and prints what is drawn at the end, as JSON."""

import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

plt.show = lambda: None  # Agg has no window; the figures are looked at below
with open(sys.argv[1], encoding="utf-8") as file:
    notebook = json.load(file)
namespace = {"__name__": "__main__"}
for cell in notebook["cells"]:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), f"cell {cell['id']}", "exec"), namespace)

drawn = []
for number in plt.get_fignums():
    figure = plt.figure(number)
    figure.canvas.draw()
    for axes in figure.axes:
        lines = {line.get_label(): [float(y) for y in line.get_ydata()] for line in axes.lines}
        (band,) = axes.collections
        heights = [float(y) for _, y in band.get_paths()[0].vertices] if band.get_paths() else []
        drawn.append({"title": axes.get_title(), "lines": lines, "band": {"label": band.get_label(), "heights": heights}})
print(json.dumps(drawn))
