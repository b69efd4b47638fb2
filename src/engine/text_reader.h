#pragma once
// Records of text files of any length: lines, parts between separators, or whole files; compressed ones by the end of their name,
// as Hadoop's codecs find them. Values of the records are others' matter.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firesteel::engine {

/// Longer records fail the query: each is held whole, by every stage that it passes.
constexpr size_t kRecordBytesMax = size_t{512} << 20;

/// A file's bytes, without compression.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Up to `size` bytes; 0 at the end. Errors: FAILED_READ_FILE.
  virtual Result<size_t> Read(char* out, size_t size) = 0;

  static Result<std::unique_ptr<ByteStream>> Open(const std::string& path);
};

/// CSV's records over several lines: line ends in quotes, which begin a field, end no record.
struct QuotedFields {
  char quote = '\0';
  char escape = '\0';
  std::string delimiter;
};

struct TextLayout {
  std::string separator;               ///< between records; empty: \n, \r\n and \r
  bool whole = false;                  ///< the file is one record
  bool keeps_mark = false;             ///< the byte order mark of a whole file is text
  std::optional<QuotedFields> quoted;  ///< without a separator the file's first line end tells what ends records
};

class TextReader {
 public:
  static Result<std::unique_ptr<TextReader>> Open(const std::string& path, TextLayout layout);
  /// The next record, good until the next call; none at the end.
  Result<std::optional<std::string_view>> Next();
  const std::string& separator() const { return layout_.separator; }

 private:
  TextReader(std::string path, TextLayout layout, std::unique_ptr<ByteStream> bytes);
  Status Fill();
  bool FindSeparator(size_t& end, size_t& next);
  bool FindLineEnd(size_t& end, size_t& next);
  bool FindQuotedRecordEnd(size_t& end, size_t& next);
  /// Where the record that begins at `begin_` ends and the next one begins; false: not in the buffer so far.
  bool FindEnd(size_t& end, size_t& next);

  const std::string path_;
  TextLayout layout_;
  const std::unique_ptr<ByteStream> bytes_;
  std::string buffer_;
  size_t begin_ = 0;     // of the next record
  size_t searched_ = 0;  // no end of it before this
  bool at_start_ = true, at_end_ = false;
  bool in_quotes_ = false, at_field_start_ = true;
  bool given_ = false;  // the rest of the file
};

}  // namespace firesteel::engine
