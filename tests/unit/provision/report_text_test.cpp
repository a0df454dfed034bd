#include "stresskit/provision/delete_by_prefix.hpp"
#include "stresskit/provision/provision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::provision {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Report report() {
  Report out;
  out.prefix = "sim";
  out.device_count = 20;
  out.created = 5;
  out.reused = 4;
  out.updated = 3;
  out.took = 3s;
  out.not_tried = 2;
  out.ended_early = "interrupted";
  out.code = support::ExitCode::partial;
  for (int i = 1; i <= 8; ++i) {
    out.failed.push_back({"sim-00" + std::to_string(i), "limit"});
  }
  out.failed.push_back({"sim-009", "odd"});
  return out;
}

TEST(GroupByReason, MostFrequentFirstWithAFewNames) {
  const auto groups =
      group_by_reason({{"a", "rare"}, {"b", "often"}, {"c", "often"}, {"d", "often"}}, 2);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].reason, "often");
  EXPECT_EQ(groups[0].count, 3U);
  EXPECT_THAT(groups[0].names, ElementsAre("b", "c"));
  EXPECT_EQ(groups[1].count, 1U);
}

TEST(ReportText, SaysEverythingInAFewLines) {
  EXPECT_EQ(summary(report()),
            "provisioned 9 of 20 devices with prefix \"sim\" in 3 s (3 a second): 5 created, 4 "
            "existed already (3 brought up to date)\n"
            "9 devices failed:\n"
            "  8 x limit: sim-001, sim-002, sim-003, sim-004, sim-005, ...\n"
            "  1 x odd: sim-009\n"
            "2 devices not tried: interrupted; repeat the command to go on\n");
}

TEST(ReportText, CleanRunIsOneLine) {
  Report clean;
  clean.prefix = "sim";
  clean.device_count = clean.created = 1;
  EXPECT_THAT(summary(clean), HasSubstr("provisioned 1 of 1 device with"));
  EXPECT_THAT(summary(clean), Not(HasSubstr("failed")));
}

TEST(ReportJson, HoldsTheSameNumbers) {
  const auto json = nlohmann::json::parse(to_json(report()));
  EXPECT_EQ(json.at("status"), "partial");
  EXPECT_EQ(json.at("failed"), 9);
  EXPECT_EQ(json.at("failures").at(0).at("devices").size(), 8U);
  EXPECT_EQ(json.at("devices_per_second"), 3.0);
}

TEST(ReportJson, NamesThatAreNoUtf8DoNotBreakIt) {
  DeletionReport odd;
  odd.dry_run = true;
  odd.found = 1;
  odd.names = {"\xff"};
  EXPECT_TRUE(nlohmann::json::accept(to_json(odd)));
}

}  // namespace
}  // namespace stresskit::provision
