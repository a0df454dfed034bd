#include "config/password_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <unistd.h>

namespace stresskit::config {
namespace {

/// A pipe that holds `text` and then ends.
class Input {
 public:
  explicit Input(const std::string& text) {
    EXPECT_EQ(::pipe(ends_.data()), 0);
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends_[1]);
  }
  ~Input() { ::close(ends_[0]); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  [[nodiscard]] int descriptor() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
};

TEST(PasswordInput, IsTheFirstLineWhateverEndsIt) {
  for (const char* text : {"hunter 2\n", "hunter 2\r\n", "hunter 2", "hunter 2\nmore\n"}) {
    EXPECT_EQ(read_password(Input(text).descriptor()), "hunter 2");
  }
  EXPECT_EQ(read_password(Input("").descriptor()), "");
}

TEST(PasswordInput, LeavesTheNextLineToOthers) {
  const Input input("hunter2\ny\n");
  ASSERT_TRUE(read_password(input.descriptor()));
  std::array<char, 8> rest{};
  EXPECT_EQ(::read(input.descriptor(), rest.data(), rest.size()), 2);
}

TEST(PasswordInput, EndlessLineIsRefusedWithoutItsText) {
  const auto password = read_password(Input(std::string(5'000, 'x')).descriptor());
  ASSERT_FALSE(password);
  EXPECT_THAT(password.error(), testing::Not(testing::HasSubstr("xx")));
}

}  // namespace
}  // namespace stresskit::config
