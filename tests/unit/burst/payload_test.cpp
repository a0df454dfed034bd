#include "stresskit/burst/payload.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::burst {
namespace {

TEST(Payload, StaysInTheRangesOfTheOriginal) {
  Payload payload(3);
  int warnings = 0;
  for (int i = 0; i < 4'000; ++i) {
    const auto json = nlohmann::json::parse(payload.make("\"sim-001\""));
    ASSERT_EQ(json.size(), 5U);
    EXPECT_GE(json["temperature"].get<double>(), 20.0);
    EXPECT_LE(json["temperature"].get<double>(), 30.0);
    ASSERT_TRUE(json["humidity"].is_number_integer());
    EXPECT_GE(json["humidity"].get<int>(), 35);
    EXPECT_LE(json["humidity"].get<int>(), 65);
    EXPECT_GE(json["battery"].get<double>(), 3.6);
    EXPECT_LE(json["battery"].get<double>(), 4.2);
    const std::string status = json["status"];
    ASSERT_TRUE(status == "ok" || status == "warn");
    warnings += status == "warn" ? 1 : 0;
    EXPECT_EQ(json["device"], "sim-001");
  }
  EXPECT_GT(warnings, 800);
  EXPECT_LT(warnings, 1'200);
}

TEST(Payload, AStampedMessageCarriesItsTimeAndNumber) {
  Payload payload(3);
  const auto json = nlohmann::json::parse(payload.make("\"sim-001\"", Stamp{1'782'736'000'123, 7}));
  EXPECT_EQ(json.size(), 2U);
  EXPECT_EQ(json["ts"], 1'782'736'000'123);
  EXPECT_EQ(json["values"].size(), 6U);
  EXPECT_EQ(json["values"]["seq"], 7);
  EXPECT_EQ(json["values"]["device"], "sim-001");
}

TEST(Payload, ANameWithQuotesAndLettersOfAnyLanguageStaysValidJson) {
  Payload payload(3);
  const std::string name = "señal-\"x\"-001";
  EXPECT_EQ(nlohmann::json::parse(payload.make(json_string(name)))["device"], name);
}

}  // namespace
}  // namespace stresskit::burst
