"""Bars as SVG: how long each system takes for a workload, beside one another."""

from xml.sax.saxutils import escape

WIDTH, BAR, GAP, LABEL, FIGURE = 640, 22, 8, 130, 110
COLORS = {"firesteel": "#d9480f"}
OTHER = "#868e96"


def bars(title, seconds):
    """`seconds` by system, drawn from the shortest to the longest."""
    rows = sorted(seconds.items(), key=lambda item: item[1])
    height = 36 + len(rows) * (BAR + GAP)
    scale = (WIDTH - LABEL - FIGURE) / max(seconds.values())
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
           'font-family="sans-serif" font-size="14">', f"<title>{escape(title)}</title>",
           f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
           f'<text x="8" y="20" font-weight="bold" fill="#212529">{escape(title)}</text>']
    for i, (system, value) in enumerate(rows):
        y = 32 + i * (BAR + GAP)
        out += [f'<text x="{LABEL - 8}" y="{y + 16}" text-anchor="end" fill="#212529">{escape(system)}</text>',
                f'<rect x="{LABEL}" y="{y}" width="{max(1, value * scale):.1f}" height="{BAR}" rx="3" fill="{COLORS.get(system, OTHER)}"/>',
                f'<text x="{LABEL + value * scale + 6:.1f}" y="{y + 16}" fill="#212529">{value:.2f} s</text>']
    return "\n".join(out) + "\n</svg>\n"
