// One pass over the beginnings of files. Only blocks with bytes that may make a difference are looked at byte by byte: most
// have none, and finding that out costs far less than reading the file as CSV.
#include "physical/text_shape.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <string_view>
#include <tuple>

#include "base/cat.h"

namespace firesteel::physical {
namespace {

constexpr int64_t kBlockBytes = 64 << 10;
// Of all files of a scan together: show() of huge files must not read them whole. What begins regularly is taken to go on.
constexpr int64_t kProbedBytesMax = 256 << 20;
constexpr int64_t kProbedBytesPerFileMin = 1 << 20;
constexpr size_t kLineBytesMax = 2'000'000;  // DuckDB's max_line_size, by default
constexpr size_t kRememberedMax = 4096;

bool Holds(std::string_view block, char c) { return std::memchr(block.data(), c, block.size()) != nullptr; }

class Lines {
 public:
  /// False: more need not be seen.
  bool Next(std::string_view block) {
    const size_t first = block.find_first_of("\r\n"), last = block.find_last_of("\r\n");
    if (first == std::string_view::npos) {
      line_bytes_ += block.size();
    } else {
      if (line_bytes_ + first > kLineBytesMax) return false;
      line_bytes_ = block.size() - last - 1;
    }
    if (line_bytes_ > kLineBytesMax) return false;
    if (previous_ != '\r' && !Holds(block, '\r')) {
      if (!newline_) newline_ = Holds(block, '\n');
    } else {
      for (char c : block) {
        if (previous_ == '\r')
          (c == '\n' ? return_newline_ : return_) = true;
        else if (c == '\n')
          newline_ = true;
        previous_ = c;
      }
    }
    previous_ = block.back();
    return Regular();
  }
  bool AtEnd() {
    if (previous_ == '\r') return_ = true;
    return Regular();
  }

 private:
  bool Regular() const { return newline_ + return_ + return_newline_ <= 1; }
  bool newline_ = false, return_ = false, return_newline_ = false;
  char previous_ = 0;
  size_t line_bytes_ = 0;  // of the last one, so far
};

class Fields {
 public:
  explicit Fields(const functions::CsvDialect& dialect)
      : separator_(First(dialect.separator)), quote_(First(dialect.quote)), escape_(First(dialect.escape)) {}

  bool Next(std::string_view block) {
    if ((state_ == State::kStart || state_ == State::kPlain) && !Holds(block, '\r') &&
        (quote_ == 0 || !Holds(block, quote_)) && (escape_ == 0 || !Holds(block, escape_))) {
      state_ = Ends(block.back()) ? State::kStart : State::kPlain;
      return true;
    }
    return std::all_of(block.begin(), block.end(), [this](char c) { return Next(c); });
  }
  bool AtEnd() const { return state_ != State::kQuoted && state_ != State::kEscaped && state_ != State::kReturn; }

 private:
  enum class State {
    kStart,    // of a field
    kPlain,    // in one without quotes
    kQuoted,   // in quotes
    kEscaped,  // behind an escape in quotes
    kClosed,   // behind what may be the closing quote
    kReturn,   // behind \r
  };
  static char First(const std::string& text) { return text.empty() ? '\0' : text[0]; }
  bool Ends(char c) const { return c == separator_ || c == '\n'; }

  bool Next(char c) {
    switch (state_) {
      case State::kStart:
        if (quote_ != 0 && c == quote_) return Go(State::kQuoted);
        [[fallthrough]];
      case State::kPlain:
        if (c == '\r') return Go(State::kReturn);
        if (Ends(c)) return Go(State::kStart);
        return c != 0 && c != quote_ && c != escape_ && Go(State::kPlain);
      case State::kQuoted:
        if (c == quote_) return Go(State::kClosed);
        return c == escape_ ? Go(State::kEscaped) : c != '\n' && c != '\r';
      case State::kEscaped:
        return (c == quote_ || c == escape_) && Go(State::kQuoted);
      case State::kClosed:
        if (c == quote_) return escape_ == quote_ && Go(State::kQuoted);
        if (c == '\r') return Go(State::kReturn);
        return Ends(c) && Go(State::kStart);
      case State::kReturn:
        return c == '\n' && Go(State::kStart);
    }
    return false;
  }
  bool Go(State state) {
    state_ = state;
    return true;
  }

  const char separator_, quote_, escape_;
  State state_ = State::kStart;
};

template <typename Probe>
bool IsRegular(int file, int64_t bytes, Probe probe) {
  static thread_local std::array<char, kBlockBytes> block;
  for (int64_t offset = 0; offset < bytes;) {
    const ssize_t read = ::pread(file, block.data(), block.size(), offset);
    if (read <= 0) return probe.AtEnd();
    if (!probe.Next({block.data(), static_cast<size_t>(read)})) return false;
    offset += read;
  }
  return true;
}

/// Queries read the same files again and again.
class Remembered {
 public:
  using Key = std::tuple<std::string, ino_t, int64_t, int64_t, int64_t, std::string>;
  std::optional<bool> Find(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto found = regular_.find(key);
    return found == regular_.end() ? std::nullopt : std::optional(found->second);
  }
  void Add(Key key, bool regular) {
    const std::lock_guard lock(mutex_);
    if (regular_.size() >= kRememberedMax) regular_.clear();
    regular_[std::move(key)] = regular;
  }

 private:
  std::mutex mutex_;
  std::map<Key, bool> regular_;
};

template <typename Probe>
bool AreRegular(const std::vector<std::string>& files, const std::string& kind, const Probe& probe) {
  static Remembered remembered;
  const int64_t bytes =
      std::max(kProbedBytesPerFileMin, kProbedBytesMax / static_cast<int64_t>(std::max<size_t>(files.size(), 1)));
  return std::all_of(files.begin(), files.end(), [&](const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return true;  // whoever reads it says why
    struct stat about = {};
    ::fstat(file, &about);
    Remembered::Key key(path, about.st_ino, about.st_size,
                        about.st_mtim.tv_sec * int64_t{1'000'000'000} + about.st_mtim.tv_nsec, bytes, kind);
    std::optional<bool> regular = remembered.Find(key);
    if (!regular) {
      regular = IsRegular(file, std::min<int64_t>(bytes, about.st_size + 1), probe);
      remembered.Add(std::move(key), *regular);
    }
    ::close(file);
    return *regular;
  });
}

bool IsCompressed(const std::string& path) {
  static constexpr std::string_view kEndings[] = {".gz", ".deflate", ".bz2", ".zst", ".lz4", ".snappy"};
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view end) { return path.ends_with(end); });
}

}  // namespace

bool LinesAreRegular(const std::vector<std::string>& files) {
  return std::none_of(files.begin(), files.end(), IsCompressed) && AreRegular(files, "", Lines());
}

bool FieldsAreRegular(const std::vector<std::string>& files, const functions::CsvDialect& dialect) {
  return std::none_of(files.begin(), files.end(), IsCompressed) &&
         AreRegular(files, Cat(dialect.separator, "\x1F", dialect.quote, "\x1F", dialect.escape), Fields(dialect));
}

}  // namespace firesteel::physical
