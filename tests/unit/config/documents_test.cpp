#include "config/dotenv.hpp"

#include "stresskit/config/keys.hpp"
#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

// The files are made from the key table. After a change of the table, write them anew with
//   STRESSKIT_WRITE_DOCS=1 build/dev/bin/unit_tests --gtest_filter='*ConfigDocuments*'
// and commit what changed.

namespace stresskit::config {
namespace {

const std::filesystem::path source(STRESSKIT_SOURCE_DIR);

void write_if_asked(const std::filesystem::path& path, const std::string& text) {
  if (std::getenv("STRESSKIT_WRITE_DOCS") != nullptr) {
    ASSERT_TRUE(support::replace_file(path, text));
  }
}

TEST(ConfigDocuments, EnvExampleIsMadeFromTheTable) {
  const auto path = source / ".env.example";
  write_if_asked(path, env_example());
  EXPECT_EQ(support::read_file(path), env_example());
}

TEST(ConfigDocuments, TableOfKeysIsMadeFromTheTable) {
  const auto path = source / "docs/configuration.md";
  const std::string begin = "<!-- made from src/config/keys.cpp: begin -->\n\n";
  const std::string end = "\n<!-- made from src/config/keys.cpp: end -->\n";
  std::string page = support::read_file(path).value();
  const std::size_t from = page.find(begin);
  ASSERT_NE(from, std::string::npos);
  const std::size_t to = page.find(end, from);
  ASSERT_NE(to, std::string::npos);
  const std::string table = page.substr(from + begin.size(), to - from - begin.size());
  write_if_asked(path, page.replace(from + begin.size(), table.size(), options_table()));
  page = support::read_file(path).value();
  EXPECT_THAT(page, testing::HasSubstr(begin + options_table() + end));
}

TEST(ConfigDocuments, EnvExampleSetsTheRequiredKeysOnly) {
  const Dotenv file = parse_dotenv(env_example());
  EXPECT_TRUE(file.problems.empty());
  std::vector<std::string> keys_set;
  for (const auto& entry : file.entries) {
    keys_set.push_back(entry.key);
  }
  EXPECT_THAT(keys_set, testing::ElementsAre("TB_URL", "TB_USERNAME", "TB_PASSWORD"));
}

}  // namespace
}  // namespace stresskit::config
