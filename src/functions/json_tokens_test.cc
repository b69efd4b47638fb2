// JSON is read, and refused, as by Jackson with Spark's options.
#include "functions/json_tokens.h"

#include <gtest/gtest.h>

#include "functions/json_generator.h"

namespace firesteel::functions {
namespace {

/// The first value written anew, or Jackson's words.
std::string Copied(std::string_view text, const JsonSyntax& syntax = {}) {
  JsonTokens tokens(text, syntax);
  tokens.Next();
  std::string out;
  return JsonGenerator(out).CopyStructure(tokens) ? out : "error: " + tokens.error();
}

TEST(JsonTokens, ReadsWhatJacksonReads) {
  EXPECT_EQ(Copied(R"( {"a" : [1, -0, 1.50, true, null], 'b': "x\u00e9\ud83d\ude00\n"} rest)"),
            R"({"a":[1,0,1.5,true,null],"b":"xé😀\n"})");
  EXPECT_EQ(Copied("[NaN, -INF, +Infinity]"), R"(["NaN","-Infinity","Infinity"])");
  EXPECT_EQ(Copied("{a: 01} // end", {.comments = true, .bare_names = true, .leading_zeros = true}), R"({"a":1})");
  EXPECT_EQ(Copied(R"("\ud83d")"), R"("?")");
}

TEST(JsonTokens, SaysWhatIsMalformed) {
  EXPECT_EQ(
      Copied("bad"),
      "error: Unrecognized token 'bad': was expecting (JSON String, Number (or 'NaN'/'+INF'/'-INF'), Array, Object or "
      "token 'null', 'true' or 'false')");
  for (std::string_view text :
       {"{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "\"a", "01", "1.", "-", "\"\\x\"", "[1}", "1a", "{a:1}"})
    EXPECT_TRUE(Copied(text).starts_with("error: ")) << text;
}

TEST(JsonTokens, DepthIsBounded) {
  EXPECT_TRUE(Copied(std::string(1000, '[') + std::string(1000, ']')).starts_with("[[["));
  EXPECT_TRUE(Copied(std::string(1'000'000, '[')).starts_with("error: Document nesting depth"));
}

}  // namespace
}  // namespace firesteel::functions
