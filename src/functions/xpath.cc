// xpath and its kin: XPath 1.0 over XML texts, by pugixml. As for Spark (a parser without namespaces) a prefix is part of a name;
// entities that a document declares itself are not known, and neither are its DTD's files.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <pugixml.hpp>

#include "base/cat.h"
#include "base/java_exception.h"
#include "base/text.h"
#include "functions/bind.h"
#include "functions/lower.h"
#include "functions/row.h"
#include "functions/value_topics.h"
#include "plan/rewrite.h"

namespace firesteel::functions {
namespace {

constexpr std::string_view kRuntimeClasses = "java.lang.RuntimeException";

Result<std::shared_ptr<const pugi::xpath_query>> Compiled(std::string_view path) {
  auto query = std::shared_ptr<const pugi::xpath_query>();
  try {
    query = std::make_shared<const pugi::xpath_query>(std::string(path).c_str());
  } catch (const pugi::xpath_exception& wrong) {
    return JavaException(kRuntimeClasses, Cat("Invalid XPath '", path, "': ", wrong.what()));
  }
  if (!query->result()) return JavaException(kRuntimeClasses, Cat("Invalid XPath '", path, "'"));
  return query;
}

Result<std::shared_ptr<const void>> Prepare(const KernelContext& context) {
  auto query = std::make_shared<std::shared_ptr<const pugi::xpath_query>>();
  const auto& path = context.constants.at(1);
  if (path && !path->IsNull() && !path->As<std::string>().empty()) {
    FS_TRY(*query, Compiled(path->As<std::string>()));
  }
  return std::shared_ptr<const void>(std::move(query));
}

/// pugixml counts the bytes of UTF-8 where XPath means characters.
bool CountsBytes(std::string_view path) {
  for (const std::string_view function : {"string-length", "substring(", "substring (", "translate"}) {
    if (path.find(function) != std::string_view::npos) return true;
  }
  return false;
}

/// What `ask` answers of the document and the query; nothing if one of them is empty.
template <typename T, typename Ask>
Result<std::optional<T>> Evaluate(const KernelContext& context, std::string_view xml, std::string_view path,
                                  const Ask& ask) {
  if (xml.empty() || path.empty()) return std::optional<T>();
  std::shared_ptr<const pugi::xpath_query> query = context.Prepared<std::shared_ptr<const pugi::xpath_query>>();
  if (query == nullptr) {
    FS_TRY(query, Compiled(path));
  }
  pugi::xml_document document;
  constexpr unsigned kOptions = pugi::parse_default | pugi::parse_comments | pugi::parse_pi | pugi::parse_ws_pcdata |
                                pugi::parse_declaration | pugi::parse_doctype;
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size(), kOptions, pugi::encoding_utf8);
  if (!parsed || !document.document_element())
    return JavaException(kRuntimeClasses, Cat("Error loading expression '", path, "'"));
  if (CountsBytes(path) && std::any_of(xml.begin(), xml.end(), [](char c) { return (c & 0x80) != 0; }))
    return Error::Unsupported("XPath's string-length, substring and translate of other than ASCII text");
  try {
    return std::optional<T>(ask(*query, document));
  } catch (const pugi::xpath_exception& wrong) {
    return JavaException(kRuntimeClasses, Cat("Invalid XPath '", path, "': ", wrong.what()));
  }
}

double Number(const pugi::xpath_query& query, const pugi::xml_document& document) {
  return query.evaluate_number(document);
}

/// Java's narrowing of a double.
template <typename T>
T Narrowed(double number) {
  if (std::isnan(number)) return 0;
  using Limits = std::numeric_limits<T>;
  if (number >= static_cast<double>(Limits::max())) return Limits::max();
  if (number <= static_cast<double>(Limits::min())) return Limits::min();
  return static_cast<T>(number);
}

Result<std::optional<bool>> Truth(const KernelContext& context, std::string_view xml, std::string_view path) {
  return Evaluate<bool>(context, xml, path,
                        [](const auto& query, const auto& document) { return query.evaluate_boolean(document); });
}
Result<std::optional<double>> DoubleOf(const KernelContext& context, std::string_view xml, std::string_view path) {
  return Evaluate<double>(context, xml, path, &Number);
}
Result<std::optional<float>> FloatOf(const KernelContext& context, std::string_view xml, std::string_view path) {
  return Evaluate<float>(context, xml, path, [](const auto& query, const auto& document) {
    return static_cast<float>(Number(query, document));
  });
}
Result<std::optional<int64_t>> LongOf(const KernelContext& context, std::string_view xml, std::string_view path) {
  return Evaluate<int64_t>(context, xml, path, [](const auto& query, const auto& document) {
    return Narrowed<int64_t>(Number(query, document));
  });
}
Result<std::optional<int32_t>> IntOf(const KernelContext& context, std::string_view xml, std::string_view path) {
  return Evaluate<int32_t>(context, xml, path, [](const auto& query, const auto& document) {
    return Narrowed<int32_t>(Number(query, document));
  });
}
Result<std::optional<int16_t>> ShortOf(const KernelContext& context, std::string_view xml, std::string_view path) {
  return Evaluate<int16_t>(context, xml, path, [](const auto& query, const auto& document) {
    return static_cast<int16_t>(Narrowed<int32_t>(Number(query, document)));  // wraps, as Java's
  });
}
Result<std::optional<std::string>> TextOf(const KernelContext& context, std::string_view xml, std::string_view path) {
  return Evaluate<std::string>(context, xml, path, [](const auto& query, const auto& document) {
    return std::string(query.evaluate_string(document));
  });
}

/// The values of the nodes: elements have none.
Result<std::optional<Value>> Nodes(const KernelContext& context, std::string_view xml, std::string_view path) {
  return Evaluate<Value>(context, xml, path, [](const auto& query, const auto& document) {
    pugi::xpath_node_set nodes = query.evaluate_node_set(document);
    nodes.sort();
    Value::List values;
    for (const pugi::xpath_node& node : nodes) {
      if (node.attribute()) {
        values.push_back(Value(std::string(node.attribute().value())));
      } else if (node.node().type() == pugi::node_element || node.node().type() == pugi::node_document) {
        values.push_back(Value());
      } else {
        values.push_back(Value(std::string(node.node().value())));
      }
    }
    return Value(std::move(values));
  });
}

Result<DataType> BindPath(CallSite& site, const DataType& result) {
  for (const size_t i : {size_t{0}, size_t{1}})
    FS_CHECK(CoerceArgument(site, i, TypePattern(TypeId::kString).Exactly()));
  if (logical::IsFoldable(site.arguments[1])) return result;
  return TypeMismatch(site, "NON_FOLDABLE_INPUT",
                      {{"inputName", "`path`"},
                       {"inputType", "\"STRING\""},
                       {"inputExpr", ToSqlExpr(logical::PrettyName(*site.arguments[1]))}});
}
template <TypeId kResult>
Result<DataType> Bind(CallSite& site) {
  return BindPath(site, kResult);
}
Result<DataType> BindNodes(CallSite& site) { return BindPath(site, DataType::Array(TypeId::kString)); }

std::vector<Function> Rows() {
  const Function shared{.nulls = Nulls::kMaybe, .group = "xml_funcs", .since = "2.0.0"};
  const Argument any{TypePattern::Class::kAny};
  const auto row = [&](std::string_view name, const ScalarKernel& kernel, Result<DataType> (*bind)(CallSite&),
                       std::string_view doc, std::string_view example) {
    return Bound(RowOf(shared, name, {any, any}, {}, kernel, doc, example), bind);
  };
  return {
      row("xpath", RowKernel<&Nodes>(&Prepare), &BindNodes, "The values of the nodes that an XPath finds.",
          "xpath('<a><b>b1</b><b>b2</b></a>', 'a/b/text()')"),
      row("xpath_boolean", RowKernel<&Truth>(&Prepare), &Bind<TypeId::kBoolean>,
          "Whether an XPath is true, or finds a node.", "xpath_boolean('<a><b>1</b></a>', 'a/b')"),
      row("xpath_double", RowKernel<&DoubleOf>(&Prepare), &Bind<TypeId::kDouble>,
          "An XPath's number; NaN if it is none.", "xpath_double('<a><b>1</b><b>2</b></a>', 'sum(a/b)')"),
      row("xpath_number", RowKernel<&DoubleOf>(&Prepare), &Bind<TypeId::kDouble>,
          "An XPath's number; NaN if it is none.", "xpath_number('<a><b>1</b><b>2</b></a>', 'sum(a/b)')"),
      row("xpath_float", RowKernel<&FloatOf>(&Prepare), &Bind<TypeId::kFloat>, "An XPath's number; NaN if it is none.",
          "xpath_float('<a><b>1</b><b>2</b></a>', 'sum(a/b)')"),
      row("xpath_long", RowKernel<&LongOf>(&Prepare), &Bind<TypeId::kLong>, "An XPath's number; 0 if it is none.",
          "xpath_long('<a><b>1</b><b>2</b></a>', 'sum(a/b)')"),
      row("xpath_int", RowKernel<&IntOf>(&Prepare), &Bind<TypeId::kInteger>, "An XPath's number; 0 if it is none.",
          "xpath_int('<a><b>1</b><b>2</b></a>', 'sum(a/b)')"),
      row("xpath_short", RowKernel<&ShortOf>(&Prepare), &Bind<TypeId::kShort>, "An XPath's number; 0 if it is none.",
          "xpath_short('<a><b>1</b><b>2</b></a>', 'sum(a/b)')"),
      row("xpath_string", RowKernel<&TextOf>(&Prepare), &Bind<TypeId::kString>,
          "The text of what an XPath finds first.", "xpath_string('<a><b>b</b><c>cc</c></a>', 'a/c')"),
  };
}

}  // namespace

std::span<const Function> XPathFunctions() {
  static const std::vector<Function>* const kRows = new std::vector<Function>(Rows());
  return *kRows;
}

}  // namespace firesteel::functions
