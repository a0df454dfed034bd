#include "stresskit/fleet/tokens.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace stresskit::fleet {
namespace {

using testing::HasSubstr;
using testing::Not;

class Tokens : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "tokens.json"; }

  /// What reading a file with this content complains about.
  [[nodiscard]] std::string complaint(std::string_view content) const {
    EXPECT_TRUE(support::replace_file(path(), content));
    const auto devices = read_tokens(path());
    EXPECT_FALSE(devices) << content;
    return devices ? std::string() : devices.error();
  }

 private:
  test::TempDir folder_;
};

TEST_F(Tokens, ComeBackAsTheyWereWrittenOrderedByNumber) {
  ASSERT_TRUE(
      write_tokens(path(), {{"sim-1000", "t1000"}, {"sim-002", "t\"2"}, {"Fühler-1", "ü"}}));

  const auto devices = read_tokens(path());

  ASSERT_TRUE(devices) << devices.error();
  ASSERT_EQ(devices->size(), 3U);
  EXPECT_EQ((*devices)[0].name, "Fühler-1");
  EXPECT_EQ((*devices)[0].token, "ü");
  EXPECT_EQ((*devices)[1].name, "sim-002");
  EXPECT_EQ((*devices)[1].token, "t\"2");
  EXPECT_EQ((*devices)[2].name, "sim-1000");
}

TEST_F(Tokens, FileIsOneReadableJsonObject) {
  ASSERT_TRUE(write_tokens(path(), {{"sim-001", "a"}, {"sim-002", "b"}}));
  EXPECT_EQ(support::read_file(path()).value(),
            "{\n  \"sim-001\": \"a\",\n  \"sim-002\": \"b\"\n}\n");
  ASSERT_TRUE(write_tokens(path(), {}));
  EXPECT_EQ(support::read_file(path()).value(), "{}\n");
}

TEST_F(Tokens, FileIsForItsOwnerOnly) {
  ASSERT_TRUE(write_tokens(path(), {{"sim-001", "a"}}));
  struct stat status {};
  ASSERT_EQ(stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Tokens, MissingFileSaysToProvisionFirst) {
  const auto devices = read_tokens(path());
  ASSERT_FALSE(devices);
  EXPECT_THAT(devices.error(), HasSubstr("does not exist; run `provision` first"));
}

TEST_F(Tokens, EveryBrokenFileHasItsOwnComplaint) {
  EXPECT_THAT(complaint(""), HasSubstr("is empty"));
  EXPECT_THAT(complaint(" \n"), HasSubstr("is empty"));
  EXPECT_THAT(complaint(R"({"sim-001": "abc)"), HasSubstr("ends in the middle"));
  EXPECT_THAT(complaint(R"({"sim-001" "abc"})"), HasSubstr("is not JSON"));
  EXPECT_THAT(complaint(R"(["sim-001"])"), HasSubstr("array"));
  EXPECT_THAT(complaint("17"), HasSubstr("instead of one object"));
  EXPECT_THAT(complaint("9e999999"), HasSubstr("a number"));
  EXPECT_THAT(complaint("{}"), HasSubstr("holds no device"));
  EXPECT_THAT(complaint(R"({"sim-001": "a", "sim-002": 7})"), HasSubstr("\"sim-002\""));
  EXPECT_THAT(complaint(R"({"sim-001": ""})"), HasSubstr("\"sim-001\""));
  EXPECT_THAT(complaint(R"({"": "abc"})"), HasSubstr("no token for"));
}

TEST_F(Tokens, ComplaintsNeverQuoteAToken) {
  EXPECT_THAT(complaint(R"({"sim-001": "secret" "sim-002"})"), Not(HasSubstr("secret")));
  EXPECT_THAT(complaint(R"({"sim-001": "secret)"), Not(HasSubstr("secret")));
}

TEST_F(Tokens, UnwritableFolderIsAFailureWithItsReason) {
  const auto written = write_tokens(path() / "missing" / "tokens.json", {{"sim-001", "a"}});
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error(), HasSubstr("missing"));
}

}  // namespace
}  // namespace stresskit::fleet
