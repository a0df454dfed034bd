#include "dashboard/burst_table.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

TEST(BurstTable, TheLastRowOfABurstCounts) {
  BurstTable table;
  table.add_lines(
      "{\"k\":1,\"ack_drain_ms\":null}\n{\"k\":2}\n{\"k\":1,\"ack_drain_ms\":9.87654}\n");
  const json news = table.news(0, 100);
  EXPECT_EQ(news["columns"]["k"].dump(), "[1,2]");
  EXPECT_EQ(news["columns"]["ack_drain_ms"].dump(), "[9.877,null]");
  EXPECT_EQ(news["whole"], true);
}

TEST(BurstTable, OnlyWhatChangedIsNews) {
  BurstTable table;
  table.add_lines("{\"k\":1}\n{\"k\":2}\n");
  const auto since = table.sequence();
  EXPECT_EQ(table.news(since, 100)["rows"], 0);
  table.add_lines("{\"k\":1,\"spread_ms\":3}\n{\"k\":2}\n{\"k\":3}\n");
  const json news = table.news(since, 100);
  EXPECT_EQ(news["columns"]["k"].dump(), "[1,3]");
  EXPECT_EQ(news["whole"], false);
  EXPECT_EQ(table.news(since + 1000, 100)["whole"], true);  // a number of another table
}

TEST(BurstTable, RowsThatAreNoBurstsAreSkipped) {
  BurstTable table;
  table.add_lines(
      "x\n[]\n{}\n{\"k\":-1}\n{\"k\":\"2\"}\n{\"k\":1e99}\n\n{\"k\":5,\"spread_ms\":\"wide\","
      "\"ack_from_due_ms\":7,\"marks\":[\"late\",3]}\n{\"k\":6");
  const json columns = table.news(0, 100)["columns"];
  EXPECT_EQ(columns["k"].dump(), "[5]");
  EXPECT_EQ(columns["spread_ms"].dump(), "[null]");
  EXPECT_EQ(columns["marks"].dump(), "[\"late\"]");
}

TEST(BurstTable, WidestSlowestAndMarkedBurstsSurviveThinning) {
  BurstTable table;
  for (int k = 0; k < 50'000; ++k) {
    table.add(json{{"k", k},
                   {"spread_ms", k == 31'111 ? 99 : 5},
                   {"ack_drain_ms", k == 7'777 ? 800 : 20},
                   {"marks", k == 40'404 ? json{"missed"} : json::array()}});
  }
  const json news = table.news(0, 2000);
  const json& columns = news["columns"];
  EXPECT_LE(columns["k"].size(), 2000U);
  EXPECT_EQ(news["thinned"], true);
  EXPECT_EQ(news["rows"], 50'000);
  const auto has = [&columns](const char* column, const json& value) {
    const json& values = columns[column];
    return std::find(values.begin(), values.end(), value) != values.end();
  };
  EXPECT_TRUE(has("spread_ms", 99));
  EXPECT_TRUE(has("ack_drain_ms", 800));
  EXPECT_TRUE(has("marks", "missed"));
}

}  // namespace
}  // namespace stresskit::dashboard
