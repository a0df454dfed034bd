// The main of every suite.
#include <gtest/gtest.h>

#include <csignal>

int main(int argc, char** argv) {
  // As the programs do: a peer that went away is an error of the write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
