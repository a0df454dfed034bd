#include "stresskit/burst/gate.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace stresskit::burst {
namespace {

TEST(Gate, OpensWhenEveryWorkerHasArrived) {
  Gate gate(2);
  gate.arrive(0, 0);
  EXPECT_FALSE(gate.all_arrived(0));
  gate.arrive(1, 0);
  EXPECT_TRUE(gate.all_arrived(0));
  EXPECT_FALSE(gate.all_arrived(1));
}

TEST(Gate, AWorkerThatLeftHoldsNobodyUp) {
  Gate gate(2);
  gate.arrive(0, 5);
  gate.leave(1);
  EXPECT_TRUE(gate.all_arrived(5));
}

TEST(Gate, AnAdmittedBurstStaysAdmittedForEveryWorker) {
  Gate gate(2);
  EXPECT_TRUE(gate.admit(0));
  gate.close();
  EXPECT_TRUE(gate.admit(0));
  EXPECT_FALSE(gate.admit(1));
}

// The stop comes from another thread in the middle: all workers still do the same bursts.
TEST(Gate, EveryWorkerDoesTheSameBurstsWheneverTheStopComes) {
  for (int round = 0; round < 50; ++round) {
    constexpr std::size_t workers = 4;
    Gate gate(workers);
    std::vector<std::uint64_t> done(workers);
    {
      std::vector<std::jthread> threads;
      for (std::size_t w = 0; w < workers; ++w) {
        threads.emplace_back([&, w] {
          while (gate.admit(done[w])) {
            ++done[w];
          }
        });
      }
      threads.emplace_back([&] { gate.close(); });
    }
    for (const std::uint64_t bursts : done) {
      EXPECT_EQ(bursts, done[0]);
    }
  }
}

}  // namespace
}  // namespace stresskit::burst
