#include "stresskit/support/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace stresskit::support {
namespace {

constexpr std::array<std::string_view, 4> names{"TB_URL", "TB_USERNAME", "DEVICE_COUNT",
                                                "DEVICE_PREFIX"};

TEST(Nearest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(nearest("DEVICE_COUTN", names), "DEVICE_COUNT");
  EXPECT_EQ(nearest("TB_USER", names), "TB_USERNAME");
  EXPECT_EQ(nearest("tb_url", names), "TB_URL");
}

TEST(Nearest, FindsNothingForAWordUnlikeAll) {
  EXPECT_EQ(nearest("HOME", names), std::nullopt);
}

}  // namespace
}  // namespace stresskit::support
