#include "stresskit/report/comparison.hpp"

#include "support/run_archive.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::report {
namespace {

using Judgement = ComparedFigure::Judgement;
using test::MadeRun;
using testing::AllOf;
using testing::HasSubstr;

/// Noise that is the same every time: a number from two, 0..range-1.
std::uint32_t noise(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint32_t range) {
  std::uint64_t x = seed * 1'000'003 + a * 7'919 + b * 104'729 + 12'345;
  x ^= x >> 12U;
  x ^= x << 25U;
  x ^= x >> 27U;
  return static_cast<std::uint32_t>((x * 2'685'821'657'736'338'717ULL) >> 33U) % range;
}

/// 40 bursts of 20 devices, 10 ms with a tenth of noise, `percent` slower.
MadeRun a_run(std::uint64_t seed, std::uint32_t percent = 0) {
  MadeRun run;
  run.devices = 20;
  run.bursts = 40;
  run.ack_us = [=](std::uint64_t k, std::uint64_t i) {
    return (10'000 + noise(seed, k, i, 1'000)) * (100 + percent) / 100;
  };
  return run;
}

metrics::RunRecord recorded(const MadeRun& run) {
  const test::TempDir dir;
  return metrics::read_run(test::write_archive(dir.path(), run)).value();
}

Comparison compared(const MadeRun& a, const MadeRun& b) {
  return compare(recorded(a), recorded(b));
}

Judgement judgement(const Comparison& comparison, const std::string& name) {
  for (const ComparedFigure& figure : comparison.figures) {
    if (figure.name == name) {
      return figure.judgement;
    }
  }
  ADD_FAILURE() << name;
  return Judgement::too_few;
}

TEST(Comparison, RunsThatDifferOnlyByNoiseAreTheSame) {
  for (std::uint64_t seed = 2; seed < 8; ++seed) {
    const Comparison result = compared(a_run(1), a_run(seed));
    EXPECT_FALSE(result.worse()) << console(result);
  }
}

TEST(Comparison, ARunIsTheSameAsItself) {
  for (const ComparedFigure& figure : compared(a_run(1), a_run(1)).figures) {
    EXPECT_EQ(figure.judgement, Judgement::same) << figure.name;
    EXPECT_LE(figure.difference.low, 0);
    EXPECT_GE(figure.difference.high, 0);
  }
}

TEST(Comparison, TwentyPercentSlowerIsWorseAndTheOtherWayRoundBetter) {
  const Comparison slower = compared(a_run(1), a_run(2, 20));
  EXPECT_TRUE(slower.worse());
  EXPECT_EQ(judgement(slower, "ack p50"), Judgement::worse);
  EXPECT_EQ(judgement(slower, "ack p99"), Judgement::worse);
  EXPECT_EQ(judgement(slower, "acknowledged"), Judgement::same);
  const Comparison faster = compared(a_run(2, 20), a_run(1));
  EXPECT_FALSE(faster.worse());
  EXPECT_EQ(judgement(faster, "ack p50"), Judgement::better);
}

TEST(Comparison, OneBadBurstIsNoise) {
  MadeRun bad = a_run(2);
  bad.ack_us = [usual = bad.ack_us](std::uint64_t k, std::uint64_t i) {
    return k == 17 ? 900'000U : usual(k, i);
  };
  bad.outcome = [](std::uint64_t k, std::uint64_t i) {
    return k == 18 && i < 10 ? metrics::Outcome::lost : metrics::Outcome::acknowledged;
  };
  const Comparison result = compared(a_run(1), bad);
  EXPECT_FALSE(result.worse()) << console(result);
}

TEST(Comparison, LossesInManyBurstsAreWorse) {
  MadeRun lossy = a_run(2);
  lossy.outcome = [](std::uint64_t k, std::uint64_t i) {
    return k % 3 == 0 && i == 0 ? metrics::Outcome::lost : metrics::Outcome::acknowledged;
  };
  EXPECT_EQ(judgement(compared(a_run(1), lossy), "acknowledged"), Judgement::worse);
}

TEST(Comparison, WarmUpStaysOut) {
  MadeRun cold = a_run(2);
  cold.warmup = 25;
  cold.ack_us = [usual = cold.ack_us](std::uint64_t k, std::uint64_t i) {
    return k < 25 ? 500'000U : usual(k, i);
  };
  EXPECT_FALSE(compared(a_run(1), cold).worse());
}

TEST(Comparison, AFewBurstsAreTooFew) {
  MadeRun brief = a_run(1, 100);
  brief.bursts = 4;
  const Comparison result = compared(a_run(1), brief);
  EXPECT_FALSE(result.worse());
  EXPECT_FALSE(result.comparable());
  EXPECT_EQ(judgement(result, "ack p50"), Judgement::too_few);
}

TEST(Comparison, ARunWithoutABurstCannotBeComparedAndIsNoSuccess) {
  MadeRun nobody = a_run(2);
  nobody.run_id = "20261124T101500Z-dead";
  nobody.bursts = 0;
  const Comparison result = compared(a_run(1), nobody);
  EXPECT_FALSE(result.comparable());
  EXPECT_EQ(console(result).find("20261124T101500Z-dead cannot be compared with "
                                 "20261123T101500Z-4f2a: 0 and 40 bursts say too little\n"),
            0U);
  EXPECT_THAT(markdown(result), HasSubstr("### ✗ "));
  EXPECT_THAT(html(result), HasSubstr("verdict bad\"><b>✗ 20261124T101500Z-dead cannot"));
  EXPECT_FALSE(nlohmann::json::parse(json(result)).at("comparable"));
  EXPECT_TRUE(compared(a_run(1), a_run(2)).comparable());
}

TEST(Comparison, SaysWhichSettingsDiffer) {
  MadeRun other = a_run(1);
  other.settings = {{"MQTT_HOST", "10.0.0.1"}, {"MQTT_QOS", "1"}, {"DEVICE_COUNT", "4"}};
  const Comparison result = compared(a_run(1), other);
  EXPECT_THAT(result.settings,
              testing::ElementsAre(testing::ElementsAre("MQTT_HOST", "127.0.0.1", "10.0.0.1"),
                                   testing::ElementsAre("MQTT_QOS", "-", "1")));
}

TEST(Comparison, IsToldTheSameInEveryForm) {
  MadeRun slower = a_run(2, 20);
  slower.run_id = "20261124T101500Z-<b>a";
  slower.settings = {{"MQTT_HOST", "<b>here"}};
  const Comparison result = compared(a_run(1), slower);
  EXPECT_THAT(console(result), AllOf(HasSubstr("is worse than"), HasSubstr("ack p99")));
  EXPECT_THAT(markdown(result), AllOf(HasSubstr("✗ worse"), HasSubstr("\\<b\\>a")));
  EXPECT_THAT(html(result), AllOf(HasSubstr("✗ worse"), HasSubstr("&lt;b&gt;a"),
                                  testing::Not(HasSubstr("<b>a"))));
  EXPECT_THAT(console(result), HasSubstr("MQTT_HOST"));
  EXPECT_THAT(markdown(result), HasSubstr("MQTT\\_HOST | 127.0.0.1 | \\<b\\>here"));
  EXPECT_THAT(html(result), HasSubstr("MQTT_HOST</code></th><td>127.0.0.1</td><td>&lt;b&gt;here"));
  const auto told = nlohmann::json::parse(json(result));
  EXPECT_TRUE(told.at("worse"));
  EXPECT_EQ(told.at("settings").at("MQTT_HOST"), nlohmann::json({"127.0.0.1", "<b>here"}));
  EXPECT_EQ(json(result), json(compared(a_run(1), slower))) << "the seed is fixed";
}

}  // namespace
}  // namespace stresskit::report
