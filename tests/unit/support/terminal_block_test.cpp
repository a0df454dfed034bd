#include "stresskit/support/terminal_block.hpp"

#include "stresskit/support/log.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace stresskit::support {
namespace {

struct TerminalBlockTest : testing::Test {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};

  [[nodiscard]] std::string written() const {
    std::array<char, 1024> buffer{};
    std::rewind(file.get());
    return {buffer.data(), std::fread(buffer.data(), 1, buffer.size(), file.get())};
  }
};

TEST_F(TerminalBlockTest, IsRedrawnInPlace) {
  TerminalBlock block(file.get());
  block.draw({"one", "two"});
  block.draw({"three"});
  EXPECT_EQ(written(), "one\ntwo\n\033[2A\r\033[Jthree\n");
}

TEST_F(TerminalBlockTest, ALogLinePushesItAsideOnce) {
  TerminalBlock block(file.get());
  block.draw({"one"});
  info("a line");
  info("another");
  EXPECT_EQ(written(), "one\n\033[1A\r\033[J");
}

TEST_F(TerminalBlockTest, LinesAreCutBeforeTheyWouldWrap) {
  TerminalBlock block(file.get());
  block.draw({std::string(200, 'x')});
  EXPECT_EQ(written(), std::string(79, 'x') + "\n") << "80 columns where nobody says how many";
}

TEST(CutTo, CountsCharactersNotBytes) {
  EXPECT_EQ(cut_to("größer", 3), "grö");
  EXPECT_EQ(cut_to("ab", 3), "ab");
}

}  // namespace
}  // namespace stresskit::support
