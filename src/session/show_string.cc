// df.show(): widths count East Asian wide characters twice, as Spark does.
#include "session/show_string.h"

#include <algorithm>

#include "base/cat.h"

namespace firesteel::session {
namespace {

constexpr size_t kColumnWidthMin = 3;
constexpr size_t kEllipsisFrom = 4;  // narrower cells are cut without "..."

/// Code points of UTF-8 text; bytes that are not UTF-8 count one each.
std::vector<std::string_view> Characters(std::string_view text) {
  std::vector<std::string_view> all;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    length = std::min(length, text.size() - i);
    all.push_back(text.substr(i, length));
    i += length;
  }
  return all;
}

uint32_t CodePoint(std::string_view c) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(c[i])); };
  switch (c.size()) {
    case 1:
      return byte(0);
    case 2:
      return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    case 3:
      return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    default:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
  }
}

/// The ranges of Spark's fullWidthRegex.
bool IsFullWidth(uint32_t c) {
  struct Range {
    uint32_t first, last;
  };
  static constexpr Range kRanges[] = {{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DB5},
                                      {0x4E00, 0x9FBF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}};
  return std::any_of(std::begin(kRanges), std::end(kRanges), [c](Range r) { return c >= r.first && c <= r.last; });
}

/// Java's String.length: UTF-16 units.
size_t JavaLength(std::string_view text) {
  size_t units = 0;
  for (auto c : Characters(text)) units += c.size() == 4 ? 2 : 1;
  return units;
}

size_t HalfWidth(std::string_view text) {
  size_t width = 0;
  for (auto c : Characters(text)) width += (c.size() == 4 ? 2 : 1) + (IsFullWidth(CodePoint(c)) ? 1 : 0);
  return width;
}

std::string Cut(const std::string& cell, int truncate) {
  if (truncate <= 0 || JavaLength(cell) <= static_cast<size_t>(truncate)) return cell;
  const auto width = static_cast<size_t>(truncate);
  const size_t kept = width < kEllipsisFrom ? width : width - 3;
  std::string out;
  size_t units = 0;
  for (auto c : Characters(cell)) {
    units += c.size() == 4 ? 2 : 1;
    if (units > kept) break;
    out += c;
  }
  return width < kEllipsisFrom ? out : out + "...";
}

/// Cells only: names are shown whole.
ShownRows Cut(const ShownRows& shown, int truncate) {
  ShownRows cut = shown;
  for (auto& row : cut.rows)
    for (auto& cell : row) cell = Cut(cell, truncate);
  return cut;
}

std::string MoreRows(const ShownRows& shown) {
  return Cat("only showing top ", shown.rows.size(), shown.rows.size() == 1 ? " row" : " rows");
}

std::string Escape(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string ShowRows(const ShownRows& given, int truncate) {
  const ShownRows shown = Cut(given, truncate);
  std::vector<size_t> widths(shown.header.size(), kColumnWidthMin);
  auto widen = [&](const std::vector<std::string>& row) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], HalfWidth(row[i]));
  };
  widen(shown.header);
  for (const auto& row : shown.rows) widen(row);

  std::string line = "+";
  for (size_t width : widths) line += std::string(width, '-') + "+";
  if (widths.empty()) line += "+";
  line += "\n";
  auto print = [&](const std::vector<std::string>& row) {
    std::string text = "|";
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - HalfWidth(row[i]), ' ');
      text += truncate > 0 ? blanks + row[i] : row[i] + blanks;
      text += "|";
    }
    return (row.empty() ? "||" : text) + "\n";
  };
  std::string out = line + print(shown.header) + line;
  for (const auto& row : shown.rows) out += print(row);
  out += line;
  if (given.has_more) out += MoreRows(given);
  return out;
}

std::string ShowVertical(const ShownRows& given, int truncate) {
  const ShownRows shown = Cut(given, truncate);
  size_t name_width = kColumnWidthMin, data_width = kColumnWidthMin;
  for (const auto& name : shown.header) name_width = std::max(name_width, HalfWidth(name));
  for (const auto& row : shown.rows)
    for (const auto& cell : row) data_width = std::max(data_width, HalfWidth(cell));
  std::string out;
  for (size_t r = 0; r < shown.rows.size(); ++r) {
    std::string title = Cat("-RECORD ", r);
    const size_t total = name_width + data_width + 5;
    title += std::string(total > title.size() ? total - title.size() : 0, '-');
    out += title + "\n";
    for (size_t i = 0; i < shown.header.size(); ++i) {
      const auto& cell = shown.rows[r][i];
      out += Cat(" ", shown.header[i], std::string(name_width - HalfWidth(shown.header[i]), ' '), " | ", cell,
                 std::string(data_width - HalfWidth(cell), ' '), " \n");
    }
  }
  if (given.has_more) {
    out += MoreRows(given);
  } else if (shown.rows.empty()) {
    out += "(0 rows)";
  }
  return out;
}

std::string ShowHtml(const ShownRows& given, int truncate) {
  const ShownRows shown = Cut(given, truncate);
  std::string out = "<table border='1'>\n";
  auto print = [&](const std::vector<std::string>& row, std::string_view tag) {
    out += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) Append(out, "<", tag, ">", Escape(row[i]), "</", tag, ">");
    out += "</tr>\n";
  };
  print(shown.header, "th");
  for (const auto& row : shown.rows) print(row, "td");
  out += "</table>\n";
  if (given.has_more) out += MoreRows(given) + "\n";
  return out;
}

}  // namespace firesteel::session
