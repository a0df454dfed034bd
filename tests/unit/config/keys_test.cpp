#include "stresskit/config/keys.hpp"

#include "config/value.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace stresskit::config {
namespace {

std::string label(const Key& key) {
  return std::string(key.name) + " --" + std::string(key.option);
}

TEST(Keys, HaveDefaultsThatTheirOwnRulesAccept) {
  for (const Key& key : keys()) {
    if (!key.fallback.empty()) {
      EXPECT_TRUE(parse_value(key, key.fallback)) << label(key);
    }
    if (!key.example.empty()) {
      EXPECT_TRUE(parse_value(key, key.example)) << label(key);
    }
  }
}

TEST(Keys, AreComplete) {
  for (const Key& key : keys()) {
    EXPECT_NE(key.store, nullptr) << label(key);
    EXPECT_FALSE(key.help.empty()) << label(key);
    EXPECT_FALSE(key.taken_by.empty()) << label(key);
    EXPECT_FALSE(key.name.empty() && key.option.empty());
    EXPECT_EQ(key.type == Type::choice, !key.choices.empty()) << label(key);
    for (const Program program : all_programs) {
      EXPECT_TRUE(key.taken_by.has(program) || !key.needed_by.has(program)) << label(key);
    }
  }
}

TEST(Keys, OccurOnce) {
  std::set<std::string_view> names;
  for (const Key& key : keys()) {
    EXPECT_TRUE(key.name.empty() || names.insert(key.name).second) << key.name;
  }
  for (const Program program : all_programs) {
    std::set<std::string_view> options{"help", "version"};
    for (const Key& key : keys()) {
      if (key.taken_by.has(program) && !key.option.empty()) {
        EXPECT_TRUE(options.insert(key.option).second) << label(key);
      }
    }
  }
}

TEST(Keys, HaveNoOptionForASecret) {
  for (const Key& key : keys()) {
    EXPECT_EQ(key.secret, key.option.empty()) << label(key);
  }
}

TEST(Keys, StandTogetherByGroup) {
  EXPECT_TRUE(std::is_sorted(keys().begin(), keys().end(),
                             [](const Key& a, const Key& b) { return a.group < b.group; }));
}

TEST(Help, FitsATerminalAndNamesWhatTheProgramTakes) {
  for (const Program program : all_programs) {
    const std::string text = help(program);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      ASSERT_NE(end, std::string::npos);
      EXPECT_LE(end - at, 100U) << text.substr(at, end - at);
      at = end + 1;
    }
    for (const Key& key : keys()) {
      const std::string option = "--" + std::string(key.option);
      if (!key.option.empty() && !key.positional && key.taken_by.has(program)) {
        EXPECT_NE(text.find(option), std::string::npos) << to_string(program) << option;
      }
    }
  }
}

TEST(Help, ShowsTheWordsThatStandWithoutAnOption) {
  const std::string text = help(Program::make_report);
  EXPECT_NE(text.find("Usage: make_report [options] [RUN [OTHER]]\n"), std::string::npos);
  EXPECT_NE(text.find("\n  RUN  "), std::string::npos);
  EXPECT_EQ(help(Program::provision).find("[options] ["), std::string::npos);
}

}  // namespace
}  // namespace stresskit::config
