#include "stresskit/provision/delete_by_prefix.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <unistd.h>

namespace stresskit::provision {
namespace {

/// Puts a pipe in the place of standard input for as long as it lives.
class Input {
 public:
  Input() : kept_(::dup(STDIN_FILENO)) {
    EXPECT_EQ(::pipe(ends_), 0);
    ::dup2(ends_[0], STDIN_FILENO);
    ::close(ends_[0]);
  }
  ~Input() {
    close();
    ::dup2(kept_, STDIN_FILENO);
    ::close(kept_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  void type(std::string_view text) const {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close() {
    if (ends_[1] >= 0) {
      ::close(ends_[1]);
      ends_[1] = -1;
    }
  }

 private:
  int kept_;
  int ends_[2] = {-1, -1};
};

TEST(Ask, OnlyYesIsYes) {
  for (const auto& [answer, expected] : {std::pair("y\n", true),
                                         {"Yes\n", true},
                                         {"n\n", false},
                                         {"\n", false},
                                         {"sure\n", false}}) {
    const Input input;
    input.type(answer);
    EXPECT_EQ(ask_on_terminal("go on?", {}), expected) << answer;
  }
}

TEST(Ask, EndOfTheInputIsNo) {
  Input input;
  input.close();
  EXPECT_FALSE(ask_on_terminal("go on?", {}));
}

TEST(Ask, StopIsNo) {
  const Input input;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(ask_on_terminal("go on?", stop.get_token()));
}

}  // namespace
}  // namespace stresskit::provision
