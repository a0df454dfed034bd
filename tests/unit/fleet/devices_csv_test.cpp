#include "stresskit/fleet/devices_csv.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace stresskit::fleet {
namespace {

using testing::HasSubstr;

class DevicesCsv : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "devices.csv"; }

  [[nodiscard]] support::Result<std::vector<DeviceRow>> reading(std::string_view content) const {
    EXPECT_TRUE(support::replace_file(path(), content));
    return read_devices_csv(path());
  }

 private:
  test::TempDir folder_;
};

TEST_F(DevicesCsv, ComesBackAsItWasWritten) {
  const std::vector<DeviceRow> rows{{"id-1", "sim-001", "a, \"b\"\r\nc", "t1"},
                                    {"id-2", "Fühler-002", "", "t,2"},
                                    {"", "", "", ""}};
  ASSERT_TRUE(write_devices_csv(path(), rows));

  const auto back = read_devices_csv(path());

  ASSERT_TRUE(back) << back.error();
  ASSERT_EQ(back->size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ((*back)[i].device_id, rows[i].device_id);
    EXPECT_EQ((*back)[i].name, rows[i].name);
    EXPECT_EQ((*back)[i].label, rows[i].label);
    EXPECT_EQ((*back)[i].access_token, rows[i].access_token);
  }
}

TEST_F(DevicesCsv, QuotesOnlyWhatNeedsIt) {
  ASSERT_TRUE(write_devices_csv(path(), {{"id", "sim-001", "lab, \"left\"", "t"}}));
  EXPECT_EQ(support::read_file(path()).value(),
            "device_id,name,label,access_token\r\nid,sim-001,\"lab, \"\"left\"\"\",t\r\n");
}

TEST_F(DevicesCsv, FileIsForItsOwnerOnly) {
  ASSERT_TRUE(write_devices_csv(path(), {}));
  struct stat status {};
  ASSERT_EQ(stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(DevicesCsv, ReadsWhatSpreadsheetsSave) {
  const auto rows = reading(
      "\xEF\xBB\xBF"
      "device_id,name,label,access_token\n\n\"i\",n,,t");
  ASSERT_TRUE(rows) << rows.error();
  ASSERT_EQ(rows->size(), 1U);
  EXPECT_EQ(rows->front().device_id, "i");
  EXPECT_EQ(rows->front().label, "");
  EXPECT_EQ(rows->front().access_token, "t");
}

TEST_F(DevicesCsv, NamesTheLineThatCannotBeRead) {
  constexpr std::string_view head = "device_id,name,label,access_token\r\n";
  EXPECT_THAT(reading("").error(), HasSubstr(":1: the header"));
  EXPECT_THAT(reading("name,token\n").error(), HasSubstr(":1: the header"));
  EXPECT_THAT(reading(std::string(head) + "i,n,l,t\r\ni,n,l\r\n").error(),
              HasSubstr(":3: 3 fields instead of 4"));
  EXPECT_THAT(reading(std::string(head) + "i,\"n\nm\",l,t\r\ni,\"n,l,t\r\n").error(),
              HasSubstr(":4: a quoted field"));
  EXPECT_THAT(reading(std::string(head) + "i,\"n\"x,l,t\r\n").error(), HasSubstr(":2:"));
}

TEST_F(DevicesCsv, MissingFileIsAFailureThatNamesIt) {
  EXPECT_THAT(read_devices_csv(path()).error(), HasSubstr("devices.csv"));
}

}  // namespace
}  // namespace stresskit::fleet
