#include "stresskit/metrics/growing_file.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/files.hpp"

#include <gtest/gtest.h>

namespace stresskit::metrics {
namespace {

// A disk that was full for a moment: the file grows again, and what it lacks is not forgotten.
TEST(GrowingFile, RowsThatAreLostStayLostThoughTheNextOnesAreWritten) {
  const test::TempDir dir;
  GrowingFile file(dir / "later/rows.csv");
  EXPECT_TRUE(file.append(""));
  EXPECT_TRUE(file.intact());
  EXPECT_FALSE(file.append("1\n"));
  std::filesystem::create_directory(dir / "later");
  EXPECT_TRUE(file.append("2\n"));
  EXPECT_FALSE(file.intact());
  EXPECT_EQ(support::read_file(dir / "later/rows.csv").value(), "2\n");
}

}  // namespace
}  // namespace stresskit::metrics
