#include "sandbox/storage_backlog.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr StorageBacklog::Time start{1'000s};

class StorageBacklogTest : public testing::Test {
 protected:
  void behave(std::uint64_t drop_every, std::chrono::milliseconds delay, double rate) {
    backlog_.configure({drop_every, delay, rate, false, {}}, start);
  }
  bool add(std::size_t receipt, StorageBacklog::Time at = start) {
    return backlog_.add({"device", {}, receipt, at});
  }
  std::vector<std::size_t> take(StorageBacklog::Time now) {
    std::vector<std::size_t> receipts;
    while (const auto message = backlog_.take(now)) receipts.push_back(message->receipt);
    return receipts;
  }

  StorageBacklog backlog_;
};

using Receipts = std::vector<std::size_t>;

TEST_F(StorageBacklogTest, HandsOverAtOnceUnlessToldOtherwise) {
  EXPECT_TRUE(add(1));
  EXPECT_TRUE(add(2));
  EXPECT_EQ(take(start), (Receipts{1, 2}));
  EXPECT_EQ(backlog_.next_due(), std::nullopt);
}

TEST_F(StorageBacklogTest, ThrowsEveryNthAway) {
  behave(3, 0ms, 0);
  for (std::size_t receipt = 1; receipt <= 7; ++receipt) {
    EXPECT_EQ(add(receipt), receipt % 3 != 0) << receipt;
  }
  EXPECT_EQ(take(start), (Receipts{1, 2, 4, 5, 7}));
}

TEST_F(StorageBacklogTest, IsLateByItsDelay) {
  behave(0, 2s, 0);
  EXPECT_TRUE(add(1));
  EXPECT_TRUE(add(2, start + 1s));
  EXPECT_EQ(take(start + 1'999ms), Receipts{});
  EXPECT_EQ(take(start + 2s), Receipts{1});
  EXPECT_EQ(backlog_.next_due(), start + 3s);
}

TEST_F(StorageBacklogTest, StoresSoManyMessagesASecond) {
  behave(0, 0ms, 4);
  for (std::size_t receipt = 0; receipt < 10; ++receipt) EXPECT_TRUE(add(receipt));
  EXPECT_EQ(take(start + 499ms), (Receipts{0, 1}));
  EXPECT_EQ(take(start + 2s), (Receipts{2, 3, 4, 5, 6, 7, 8})) << "asking late costs nothing";
  EXPECT_EQ(backlog_.size(), 1);
}

TEST_F(StorageBacklogTest, HandsOverWhatWaitsOnceItIsBackToNormal) {
  behave(0, 1h, 0);
  EXPECT_TRUE(add(1));
  backlog_.configure({}, start);
  EXPECT_EQ(take(start), Receipts{1});
}

TEST_F(StorageBacklogTest, IsLostWithTheServerUnlessItIsDurable) {
  behave(0, 1h, 0);
  EXPECT_TRUE(add(1));
  backlog_.server_ended();
  EXPECT_EQ(backlog_.size(), 0);

  backlog_.configure({0, 1h, 0, true, {}}, start);
  EXPECT_TRUE(add(2));
  backlog_.server_ended();
  EXPECT_EQ(backlog_.size(), 1);
}

TEST(StorageBehaviourTest, IsReadFromTheSwitch) {
  const auto all = parse_storage_behaviour(nlohmann::json::parse(
      R"({"drop_every": 7, "delay_ms": 20, "rate": 500, "durable": true, "ttl_s": 3})"));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->drop_every, 7);
  EXPECT_EQ(all->delay, 20ms);
  EXPECT_EQ(all->rate, 500);
  EXPECT_TRUE(all->durable);
  EXPECT_EQ(all->ttl, 3s);
}

TEST(StorageBehaviourTest, SaysWhatIsWrong) {
  const auto misspelt = parse_storage_behaviour(nlohmann::json::parse(R"({"drop_evry": 7})"));
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error(), "storage: has an unknown member \"drop_evry\"");
}

}  // namespace
}  // namespace stresskit::sandbox
