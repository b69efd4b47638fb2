// Parts of URLs: parse_url, as java.net.URI takes them apart.
#include <algorithm>

#include "base/cat.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/topics.h"

namespace firesteel::functions {
namespace {

using logical::EvalMode;
using logical::ExprPtr;
using Class = TypePattern::Class;
using Part = std::optional<std::string_view>;

struct Url {
  Part scheme, authority, user, host, path, query, fragment;
};

bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Letters, digits, `more`, escapes and what is beyond ASCII.
bool AllLegal(std::string_view text, std::string_view more) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !IsHex(text[i + 1]) || !IsHex(text[i + 2])) return false;
      i += 2;
    } else if (!IsAlpha(c) && !IsDigit(c) && static_cast<unsigned char>(c) < 0x80 &&
               more.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

constexpr std::string_view kUric = "-_.!~*'();/?:@&=+$,[]";
constexpr std::string_view kPath = "-_.!~*'():@&=+$,;/";
constexpr std::string_view kUser = "-_.!~*'();:&=+$,";
constexpr std::string_view kRegistry = "-_.!~*'()$,;:@&=+";

/// Labels of letters, digits and inner dashes; the last one starts with a letter, or all are the numbers of an address.
bool IsHostName(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty()) return false;
  size_t labels = 0, numbers = 0;
  std::string_view last;
  for (size_t at = 0; at <= host.size();) {
    const size_t end = std::min(host.find('.', at), host.size());
    last = host.substr(at, end - at);
    if (last.empty() || last.front() == '-' || last.back() == '-') return false;
    if (!std::all_of(last.begin(), last.end(), [](char c) { return IsAlpha(c) || IsDigit(c) || c == '-'; }))
      return false;
    ++labels;
    if (last.size() <= 3 && std::all_of(last.begin(), last.end(), IsDigit)) ++numbers;
    at = end + 1;
  }
  return IsAlpha(last.front()) || (labels == 4 && numbers == 4);
}

/// Splits user@host:port; if it is none of that, it may still be the name of a registry.
bool SplitAuthority(Url& url) {
  std::string_view text = *url.authority;
  Part user;
  if (const size_t at = text.find('@'); at != std::string_view::npos) {
    user = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  std::string_view host = text, port;
  bool good = !user || AllLegal(*user, kUser);
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    host = text.substr(0, end + 1);
    port = text.substr(end + 1);
    const std::string_view inside = host.substr(1, host.size() - 2);
    good = good && inside.find(':') != std::string_view::npos && std::all_of(inside.begin(), inside.end(), [](char c) {
             return IsHex(c) || c == ':' || c == '.' || c == '%' || IsAlpha(c);
           });
    if (!good) return false;
  } else {
    const size_t colon = std::min(text.find(':'), text.size());
    host = text.substr(0, colon);
    port = text.substr(colon);
    good = good && IsHostName(host);
  }
  good = good && (port.empty() || (port[0] == ':' && std::all_of(port.begin() + 1, port.end(), IsDigit)));
  if (good) {
    url.user = user;
    url.host = host;
    return true;
  }
  return AllLegal(*url.authority, kRegistry);
}

/// None: java.net.URISyntaxException.
std::optional<Url> ParseUrl(std::string_view text) {
  if (text.empty()) return Url{.path = ""};
  Url url;
  if (const size_t hash = text.find('#'); hash != std::string_view::npos) {
    url.fragment = text.substr(hash + 1);
    if (!AllLegal(*url.fragment, kUric)) return std::nullopt;
    text = text.substr(0, hash);
  }
  const size_t colon = text.find_first_of(":/?");
  if (colon != std::string_view::npos && text[colon] == ':') {
    url.scheme = text.substr(0, colon);
    if (colon == 0 || !IsAlpha(text[0])) return std::nullopt;
    for (char c : *url.scheme) {
      if (!IsAlpha(c) && !IsDigit(c) && c != '+' && c != '-' && c != '.') return std::nullopt;
    }
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;
    if (text[0] != '/') {  // opaque
      if (!AllLegal(text, kUric)) return std::nullopt;
      return url;
    }
  }
  if (const size_t mark = text.find('?'); mark != std::string_view::npos) {
    url.query = text.substr(mark + 1);
    if (!AllLegal(*url.query, kUric)) return std::nullopt;
    text = text.substr(0, mark);
  }
  if (text.starts_with("//")) {
    const size_t slash = std::min(text.find('/', 2), text.size());
    if (slash > 2) {
      url.authority = text.substr(2, slash - 2);
      if (!SplitAuthority(url)) return std::nullopt;
    } else if (slash == text.size() && !url.query) {
      return std::nullopt;
    }
    text.remove_prefix(slash);
  }
  if (!AllLegal(text, kPath)) return std::nullopt;
  url.path = text;
  return url;
}

std::optional<std::string> PartOf(const Url& url, std::string_view part) {
  const auto told = [](const Part& text) { return text ? std::optional<std::string>(*text) : std::nullopt; };
  if (part == "HOST") return told(url.host);
  if (part == "PATH") return told(url.path);
  if (part == "QUERY") return told(url.query);
  if (part == "REF") return told(url.fragment);
  if (part == "PROTOCOL") return told(url.scheme);
  if (part == "AUTHORITY") return told(url.authority);
  if (part == "USERINFO") return told(url.user);
  if (part == "FILE") {
    if (!url.path) return std::nullopt;
    return url.query ? Cat(*url.path, "?", *url.query) : std::string(*url.path);
  }
  return std::nullopt;
}

Result<std::optional<std::string>> ParseUrlKernel(const KernelContext& context, std::string_view text,
                                                  std::string_view part) {
  const std::optional<Url> url = ParseUrl(text);
  if (url) return PartOf(*url, part);
  if (context.Ansi())
    return Error::Condition("INVALID_URL", {{"url", std::string(text)}}).As(ErrorClass::kIllegalArgument);
  return std::optional<std::string>();
}

Result<std::optional<std::string>> ParseUrlKey(const KernelContext& context, std::string_view text,
                                               std::string_view part, std::string_view key) {
  if (part != "QUERY") return std::optional<std::string>();
  FS_TRY(const std::optional<std::string> query, ParseUrlKernel(context, text, part));
  if (!query) return std::optional<std::string>();
  for (size_t at = 0; at <= query->size();) {
    const size_t end = std::min(query->find('&', at), query->size());
    const std::string_view entry = std::string_view(*query).substr(at, end - at);
    if (entry.size() > key.size() && entry.starts_with(key) && entry[key.size()] == '=')
      return std::optional<std::string>(entry.substr(key.size() + 1));
    at = end + 1;
  }
  return std::optional<std::string>();
}

Result<ExprPtr> BindParseUrl(CallSite& site) {
  if (site.arguments.size() < 2 || site.arguments.size() > 3) {
    return WrongArgumentCount(site, "[2, 3]", {});
  }
  for (size_t i = 0; i < site.arguments.size(); ++i) FS_CHECK(CoerceArgument(site, i, TypeId::kString));
  return Built(site, site.name, TypeId::kString, true, site.mode);
}

Result<std::string> LowerParseUrl(const logical::Expr& call, std::span<const std::string> arguments,
                                  Lowering& lowering) {
  return LowerKernel(arguments.size() == 3 ? RowKernel<&ParseUrlKey>() : RowKernel<&ParseUrlKernel>(), call,
                     {arguments.begin(), arguments.end()}, lowering);
}

}  // namespace

std::span<const Function> UrlFunctions() {
  static const Argument kRest = {.type = Class::kAny, .repeated = true};
  static const std::vector<Function> rows = {
      {.name = "parse_url",
       .arguments = {kRest},
       .nulls = Nulls::kMaybe,
       .runs = &LowerParseUrl,
       .bind = &BindParseUrl,
       .group = "url_funcs",
       .since = "2.0.0",
       .doc = "A part of a URL: HOST, PATH, QUERY (of a key) …",
       .example = "parse_url('http://spark.apache.org/path?query=1', 'HOST')"},
      {.name = "try_parse_url",
       .arguments = {kRest},
       .nulls = Nulls::kMaybe,
       .runs = &LowerParseUrl,
       .bind = &BindParseUrl,
       .group = "url_funcs",
       .since = "4.0.0",
       .doc = "As parse_url, NULL for what is no URL.",
       .example = "try_parse_url('http://spark.apache.org/path?query=1', 'HOST')"},
  };
  return rows;
}

}  // namespace firesteel::functions
