#include "sandbox/values.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

/// What `text` is stored as, told by how it is answered with strict types.
json stored(const std::string& text) {
  return to_json(to_value(parse_typed(text)), true);
}

TEST(StoredValue, KeepsWholeNumbersWhole) {
  EXPECT_TRUE(stored("25").is_number_integer());
  EXPECT_EQ(stored("-9223372036854775808"), INT64_MIN);
}

TEST(StoredValue, TakesAPointForADouble) {
  EXPECT_TRUE(stored("25.0").is_number_float());
  EXPECT_EQ(stored("25.0"), 25.0);
}

TEST(StoredValue, TakesAWholeNumberInExponentFormForWhole) {
  EXPECT_TRUE(stored("2.5e1").is_number_integer());
  EXPECT_EQ(stored("2.5e1"), 25);
  EXPECT_EQ(stored("25e-1"), 2.5);
}

TEST(StoredValue, IsAStringBeyond64Bits) {
  EXPECT_EQ(stored("9223372036854775808"), "9223372036854775808");
  EXPECT_EQ(stored("99999999999999999999"), "99999999999999999999");
}

TEST(StoredValue, IsAStringBeyondSixteenDecimals) {
  EXPECT_EQ(stored("0.1234567890123456"), 0.1234567890123456);
  EXPECT_EQ(stored("0.12345678901234567"), "0.12345678901234567");
}

TEST(StoredValue, TakesAStringThatReadsAsANumberForOne) {
  EXPECT_EQ(stored(R"("25")"), 25);
  EXPECT_EQ(stored(R"("-2.5")"), -2.5);
  EXPECT_EQ(stored(R"("2.5e1")"), "2.5e1");
  EXPECT_EQ(stored(R"("1.")"), "1.");
  EXPECT_EQ(stored(R"("1.2.3")"), "1.2.3");
}

TEST(StoredValue, KeepsDocumentsAsDocuments) {
  EXPECT_EQ(stored(R"({"a":[1,null]})"), json::parse(R"({"a":[1,null]})"));
}

TEST(StoredValue, IsAnsweredAsAStringUnlessTypesAreAskedFor) {
  EXPECT_EQ(to_json(to_value(25.5), false), "25.5");
  EXPECT_EQ(to_json(to_value(true), false), "true");
  EXPECT_EQ(to_json(to_value(json{{"a", 1}}), false), R"({"a":1})");
}

TEST(TelemetryPayload, GivesElementsWithoutATimeTheArrivalTime) {
  const auto readings = parse_telemetry(R"([{"a":1},{"ts":5,"values":{"b":2,"c":null}}])", 99);
  ASSERT_TRUE(readings);
  ASSERT_EQ(readings->size(), 2);
  EXPECT_EQ(readings->at(0).ts, 99);
  EXPECT_EQ(readings->at(1).ts, 5);
  EXPECT_EQ(readings->at(1).key, "b");
}

TEST(TelemetryPayload, TakesTsAloneForAKey) {
  const auto readings = parse_telemetry(R"({"ts":5})", 99);
  ASSERT_TRUE(readings);
  ASSERT_EQ(readings->size(), 1);
  EXPECT_EQ(readings->front().key, "ts");
}

TEST(TelemetryPayload, SaysWhetherItIsNoJsonOrNoTelemetry) {
  const auto cut = parse_telemetry(R"({"a":)", 0);
  ASSERT_FALSE(cut);
  EXPECT_TRUE(cut.error().not_json);
  const auto scalar = parse_telemetry("5", 0);
  ASSERT_FALSE(scalar);
  EXPECT_EQ(scalar.error().reason, "Can't parse value: 5");
}

TEST(StorableKey, IsNotBlankNotLongAndWithoutMarkup) {
  EXPECT_TRUE(is_storable_key("temperature"));
  EXPECT_TRUE(is_storable_key(std::string(255, 'k')));
  EXPECT_FALSE(is_storable_key(std::string(256, 'k')));
  EXPECT_FALSE(is_storable_key(" "));
  EXPECT_FALSE(is_storable_key("<b>"));
}

}  // namespace
}  // namespace stresskit::sandbox
