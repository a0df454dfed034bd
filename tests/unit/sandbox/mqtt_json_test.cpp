#include "sandbox/mqtt_json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace stresskit::sandbox {
namespace {

/// What became of a document: strict JSON, or "refused".
std::string rewritten(std::string_view text) {
  const auto document = parse_lenient_json(text);
  return document ? write_json(document->root) : "refused";
}

bool is_strict(std::string_view text) {
  const auto document = parse_lenient_json(text);
  return document && document->strict;
}

TEST(TransportJson, TakesStrictJsonAsItIs) {
  for (const std::string_view text :
       {R"({"a":1})", R"([])", R"({})", R"([1,-2.50,3e+7,0,true,false,null,"x"])",
        R"({"a":{"b":[{"c":"d"}]},"":"e"})", R"("text")", "5", R"({"a":"\"\\"})"}) {
    EXPECT_EQ(rewritten(text), text);
    EXPECT_TRUE(is_strict(text)) << text;
  }
  EXPECT_TRUE(is_strict(" { \"a\" : [ 1 , 2 ] }\r\n\t"));
}

TEST(TransportJson, KeepsHowANumberIsWritten) {
  EXPECT_EQ(rewritten("{a:25.0,b:2.5e1,c:12345678901234567890}"),
            R"({"a":25.0,"b":2.5e1,"c":12345678901234567890})");
}

TEST(TransportJson, TakesWhatGsonTakesInLenientMode) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{a:1}", R"({"a":1})"},
      {"{'a':'b'}", R"({"a":"b"})"},
      {"{a:b}", R"({"a":"b"})"},
      {"{\"a\"=1;\"b\"=>2}", R"({"a":1,"b":2})"},
      {"[1;2]", "[1,2]"},
      {"[,1,]", "[null,1,null]"},
      {"{a:TRUE,b:False,c:NULL}", R"({"a":true,"b":false,"c":null})"},
      {"{a:NaN,b:-Infinity,c:01,d:1.,e:.5,f:+1,g:-}",
       R"({"a":"NaN","b":"-Infinity","c":"01","d":"1.","e":".5","f":"+1","g":"-"})"},
      {"// one\n{a:1 /* two */} # three", R"({"a":1})"},
      {")]}'\n{a:1}", R"({"a":1})"},
      {"\xEF\xBB\xBF{\"a\":1}", R"({"a":1})"},
      {"{\"a\":\"line\nbreak\ttab\"}", R"({"a":"line\u000abreak\u0009tab"})"},
      {R"({"a":"it\'s"})", R"({"a":"it's"})"},
  };
  for (const auto& [text, wanted] : cases) {
    EXPECT_EQ(rewritten(text), wanted);
    EXPECT_FALSE(is_strict(text)) << text;
  }
}

TEST(TransportJson, RefusesWhatEvenGsonRefuses) {
  for (const std::string_view text :
       {"",          " ",          "{",        "{\"a\":",     "{\"a\"",  "{\"a",       "{\"a\":1",
        "{\"a\":1,", "{\"a\":1,}", "[",        "[1",          "[1,",     "{\"a\":1}}", "{} {}",
        "1 2",       "{\"a\" 1}",  "{\"a\":}", "{:1}",        "{,}",     "[1 2]",      "\"a\\",
        "\"a\\x\"",  "\"\\u12\"",  "\"\\uD8",  "\"\\u+123\"", "/* open", "}",          "]",
        ":",         "'"}) {
    EXPECT_EQ(rewritten(text), "refused") << text;
  }
}

TEST(TransportJson, DecodesEscapes) {
  EXPECT_EQ(rewritten(R"("\u00e4\u20AC\uD83D\uDE00\/\b\f\n\r\t")"),
            "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80/\\u0008\\u000c\\u000a\\u000d\\u0009\"");
  EXPECT_EQ(rewritten(R"("\uD83Dx\uDE00")"), "\"?x?\"") << "half a pair";
  EXPECT_EQ(rewritten(R"("\uD83D\u0041")"), "\"?A\"");
}

TEST(TransportJson, RepairsWhatIsNoUtf8) {
  EXPECT_EQ(rewritten("{\"a\":\"x\xFFy\"}"), "{\"a\":\"x\xEF\xBF\xBDy\"}");
  EXPECT_FALSE(is_strict("{\"a\":\"x\xFFy\"}"));
  EXPECT_EQ(rewritten("\"\xC3\xA4\xC3\""), "\"\xC3\xA4\xEF\xBF\xBD\"");
}

TEST(TransportJson, BoundsTheDepth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_lenient_json(nested(255)).has_value());
  EXPECT_FALSE(parse_lenient_json(nested(300)).has_value());
  EXPECT_FALSE(parse_lenient_json(std::string(65'000, '[')).has_value());
}

TEST(TransportJson, SurvivesEveryCut) {
  const std::string text =
      R"({"a":[1,'b',{c:"\u00e4\uD83D\uDE00"},/*x*/true;null],"d"=>-1.5e3,"e":{}})";
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_EQ(rewritten(std::string(text, 0, length)), "refused") << length;
  }
  EXPECT_NE(rewritten(text), "refused");
}

TEST(TransportJson, FindsTheLastMemberOfAName) {
  auto document = parse_lenient_json(R"({"a":1,"b":2,"a":3})");
  ASSERT_TRUE(document);
  ASSERT_NE(document->root.member("a"), nullptr);
  EXPECT_EQ(document->root.member("a")->text, "3");
  EXPECT_EQ(document->root.member("c"), nullptr);
}

}  // namespace
}  // namespace stresskit::sandbox
