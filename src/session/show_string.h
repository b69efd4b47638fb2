#pragma once
// The text of df.show(): Spark's Dataset.showString and htmlString over rows whose cells are text already.
#include <string>
#include <string_view>
#include <vector>

namespace firesteel::session {

struct ShownRows {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< cut to the number shown
  bool has_more = false;
};

/// `truncate`: cells longer than this many characters are cut (0: never, and columns are then left-aligned).
std::string ShowRows(const ShownRows& shown, int truncate);
std::string ShowVertical(const ShownRows& shown, int truncate);
std::string ShowHtml(const ShownRows& shown, int truncate);

}  // namespace firesteel::session
