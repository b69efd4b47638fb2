// Reading and decompressing files, and finding the ends of records.
#include "engine/text_reader.h"

#include <bzlib.h>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/cat.h"
#include "physical/scan_formats.h"

namespace firesteel::engine {
namespace {

using physical::ReadFailure;

constexpr size_t kInputBytes = 256 << 10;
constexpr size_t kFirstBufferBytes = 1 << 20;
constexpr size_t kMoreBytesMax = 64 << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class PlainStream final : public ByteStream {
 public:
  PlainStream(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  ~PlainStream() override { ::close(descriptor_); }
  PlainStream(const PlainStream&) = delete;
  PlainStream& operator=(const PlainStream&) = delete;
  Result<size_t> Read(char* out, size_t size) override {
    const ssize_t read = ::read(descriptor_, out, size);
    if (read < 0) return ReadFailure("NO_HINT", path_, std::strerror(errno));
    return static_cast<size_t>(read);
  }

 private:
  const std::string path_;
  const int descriptor_;
};

/// What a decompressor has done with its input and output.
struct Step {
  size_t consumed = 0, produced = 0;
  bool ended = false;  ///< a member of the file is complete; another may follow
  bool failed = false;
};

class Gzip {
 public:
  Gzip() {
    stream_ = {};
    inflateInit2(&stream_, 15 + 32);  // gzip's header or zlib's, whichever is there
  }
  ~Gzip() { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  Step Run(std::string_view in, char* out, size_t size) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(size);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    const Step step{in.size() - stream_.avail_in, size - stream_.avail_out, code == Z_STREAM_END,
                    code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR};
    if (step.ended) inflateReset(&stream_);
    return step;
  }

 private:
  z_stream stream_;
};

class Bzip2 {
 public:
  Bzip2() { Init(); }
  ~Bzip2() { BZ2_bzDecompressEnd(&stream_); }
  Bzip2(const Bzip2&) = delete;
  Bzip2& operator=(const Bzip2&) = delete;
  Step Run(std::string_view in, char* out, size_t size) {
    stream_.next_in = const_cast<char*>(in.data());
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = out;
    stream_.avail_out = static_cast<unsigned>(size);
    const int code = BZ2_bzDecompress(&stream_);
    const Step step{in.size() - stream_.avail_in, size - stream_.avail_out, code == BZ_STREAM_END,
                    code != BZ_OK && code != BZ_STREAM_END};
    if (step.ended) {
      BZ2_bzDecompressEnd(&stream_);
      Init();
    }
    return step;
  }

 private:
  void Init() {
    stream_ = {};
    BZ2_bzDecompressInit(&stream_, 0, 0);
  }
  bz_stream stream_;
};

class Zstandard {
 public:
  Zstandard() : stream_(ZSTD_createDStream()) {}
  ~Zstandard() { ZSTD_freeDStream(stream_); }
  Zstandard(const Zstandard&) = delete;
  Zstandard& operator=(const Zstandard&) = delete;
  Step Run(std::string_view in, char* out, size_t size) {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out, size, 0};
    const size_t code = ZSTD_decompressStream(stream_, &output, &input);
    return {input.pos, output.pos, code == 0, ZSTD_isError(code) != 0};
  }

 private:
  ZSTD_DStream* const stream_;
};

template <typename Codec>
class CompressedStream final : public ByteStream {
 public:
  CompressedStream(std::string path, std::unique_ptr<ByteStream> input)
      : path_(std::move(path)), input_(std::move(input)) {}

  Result<size_t> Read(char* out, size_t size) override {
    while (true) {
      if (rest_.empty()) {
        FS_TRY(const size_t read, input_->Read(block_.data(), block_.size()));
        rest_ = {block_.data(), read};
        if (read == 0) {
          if (in_member_) return ReadFailure("NO_HINT", path_, "the compressed file is cut");
          return size_t{0};
        }
      }
      const Step step = codec_.Run(rest_, out, size);
      if (step.failed || (step.consumed == 0 && step.produced == 0 && !step.ended))
        return ReadFailure("NO_HINT", path_, "the file is not compressed as its name says, or broken");
      rest_.remove_prefix(step.consumed);
      in_member_ = !step.ended;
      if (step.produced > 0) return step.produced;
    }
  }

 private:
  const std::string path_;
  const std::unique_ptr<ByteStream> input_;
  std::array<char, kInputBytes> block_;
  std::string_view rest_;
  Codec codec_;
  bool in_member_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> ByteStream::Open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return ReadFailure(errno == ENOENT ? "FILE_NOT_EXIST" : "NO_HINT", path, std::strerror(errno));
  std::unique_ptr<ByteStream> plain = std::make_unique<PlainStream>(path, descriptor);
  if (path.ends_with(".gz") || path.ends_with(".deflate"))
    return std::unique_ptr<ByteStream>(std::make_unique<CompressedStream<Gzip>>(path, std::move(plain)));
  if (path.ends_with(".bz2"))
    return std::unique_ptr<ByteStream>(std::make_unique<CompressedStream<Bzip2>>(path, std::move(plain)));
  if (path.ends_with(".zst"))
    return std::unique_ptr<ByteStream>(std::make_unique<CompressedStream<Zstandard>>(path, std::move(plain)));
  if (path.ends_with(".lz4") || path.ends_with(".snappy"))
    return Error::Unsupported("text files compressed so: " + path);
  return plain;
}

TextReader::TextReader(std::string path, TextLayout layout, std::unique_ptr<ByteStream> bytes)
    : path_(std::move(path)), layout_(std::move(layout)), bytes_(std::move(bytes)) {}

Result<std::unique_ptr<TextReader>> TextReader::Open(const std::string& path, TextLayout layout) {
  FS_TRY(std::unique_ptr<ByteStream> bytes, ByteStream::Open(path));
  return std::unique_ptr<TextReader>(new TextReader(path, std::move(layout), std::move(bytes)));
}

Status TextReader::Fill() {
  buffer_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  if (buffer_.size() >= kRecordBytesMax) {
    return ReadFailure("NO_HINT", path_, Cat("a record is longer than ", kRecordBytesMax >> 20, " MiB"));
  }
  const size_t held = buffer_.size();
  buffer_.resize(held + std::clamp(held, kFirstBufferBytes, kMoreBytesMax));
  auto read = bytes_->Read(buffer_.data() + held, buffer_.size() - held);
  buffer_.resize(held + (read.ok() ? *read : 0));
  FS_CHECK(read);
  at_end_ = *read == 0;
  if (at_start_ && (buffer_.size() >= kByteOrderMark.size() || at_end_)) {
    at_start_ = false;
    if (!(layout_.whole && layout_.keeps_mark) && buffer_.starts_with(kByteOrderMark))
      begin_ = searched_ = kByteOrderMark.size();
  }
  return {};
}

bool TextReader::FindSeparator(size_t& end, size_t& next) {
  const size_t found = buffer_.find(layout_.separator, searched_);
  if (found == std::string::npos) {
    searched_ = std::max(begin_, buffer_.size() - std::min(buffer_.size(), layout_.separator.size() - 1));
    return false;
  }
  end = found;
  next = found + layout_.separator.size();
  return true;
}

bool TextReader::FindLineEnd(size_t& end, size_t& next) {
  const char* const from = buffer_.data() + searched_;
  const size_t size = buffer_.size() - searched_;
  const auto* newline = static_cast<const char*>(std::memchr(from, '\n', size));
  const auto* carriage = static_cast<const char*>(std::memchr(from, '\r', newline != nullptr ? newline - from : size));
  if (carriage == nullptr && newline == nullptr) {
    searched_ = buffer_.size();
    return false;
  }
  end = (carriage != nullptr ? carriage : newline) - buffer_.data();
  if (carriage != nullptr && end + 1 == buffer_.size() && !at_end_) {  // \n may follow
    searched_ = end;
    return false;
  }
  next = end + (carriage != nullptr && end + 1 < buffer_.size() && buffer_[end + 1] == '\n' ? 2 : 1);
  return true;
}

bool TextReader::FindQuotedRecordEnd(size_t& end, size_t& next) {
  if (layout_.separator.empty()) {
    const size_t searched = searched_;
    if (!FindLineEnd(end, next)) {
      searched_ = searched;
      return false;
    }
    layout_.separator = buffer_.substr(end, next - end);
    searched_ = searched;
  }
  const QuotedFields& fields = *layout_.quoted;
  const size_t ahead =
      std::max<size_t>(layout_.separator.size(), 2);  // bytes that must be there to tell what stands here
  for (; searched_ + (at_end_ ? 1 : ahead) <= buffer_.size(); ++searched_) {
    const char c = buffer_[searched_];
    const char after = searched_ + 1 < buffer_.size() ? buffer_[searched_ + 1] : '\0';
    if (in_quotes_) {
      if (c == fields.escape && c != '\0' && (after == fields.quote || after == fields.escape))
        ++searched_;
      else if (c == fields.quote)
        in_quotes_ = false;
      continue;
    }
    if (buffer_.compare(searched_, layout_.separator.size(), layout_.separator) == 0) {
      end = searched_;
      next = end + layout_.separator.size();
      at_field_start_ = true;
      return true;
    }
    in_quotes_ = at_field_start_ && c == fields.quote && c != '\0';
    const size_t behind = searched_ + 1 - begin_;
    at_field_start_ =
        behind >= fields.delimiter.size() &&
        buffer_.compare(searched_ + 1 - fields.delimiter.size(), fields.delimiter.size(), fields.delimiter) == 0;
  }
  return false;
}

bool TextReader::FindEnd(size_t& end, size_t& next) {
  if (layout_.whole) return false;
  if (layout_.quoted) return FindQuotedRecordEnd(end, next);
  return layout_.separator.empty() ? FindLineEnd(end, next) : FindSeparator(end, next);
}

Result<std::optional<std::string_view>> TextReader::Next() {
  while (true) {
    size_t end = 0, next = 0;
    if (!at_start_) {
      if (FindEnd(end, next)) {
        const std::string_view record = std::string_view(buffer_).substr(begin_, end - begin_);
        begin_ = searched_ = next;
        return std::optional(record);
      }
      if (at_end_) {
        const std::string_view rest = std::string_view(buffer_).substr(begin_);
        const bool is_record = layout_.whole ? !given_ : !rest.empty();
        begin_ = searched_ = buffer_.size();
        given_ = true;
        return is_record ? std::optional(rest) : std::nullopt;
      }
    }
    FS_CHECK(Fill());
  }
}

}  // namespace firesteel::engine
