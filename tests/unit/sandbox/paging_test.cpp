#include "sandbox/paging.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace stresskit::sandbox {
namespace {

PageQuery page(std::size_t size, std::size_t number) {
  PageQuery query;
  query.page_size = size;
  query.page = number;
  return query;
}

std::vector<int> numbers(int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

TEST(Page, SaysWhetherAnotherOneFollows) {
  const auto first = cut_page(numbers(5), page(2, 0));
  EXPECT_EQ(first.data, (std::vector<int>{0, 1}));
  EXPECT_EQ(first.pages, 3);
  EXPECT_EQ(first.total, 5);
  EXPECT_TRUE(first.has_next);
  const auto last = cut_page(numbers(5), page(2, 2));
  EXPECT_EQ(last.data, (std::vector<int>{4}));
  EXPECT_FALSE(last.has_next);
}

TEST(Page, HasNoNextWhenItIsExactlyFull) {
  EXPECT_FALSE(cut_page(numbers(4), page(2, 1)).has_next);
}

TEST(Page, IsEmptyPastTheEndAndOfNothing) {
  EXPECT_TRUE(cut_page(numbers(5), page(2, 50)).data.empty());
  EXPECT_FALSE(cut_page(numbers(5), page(2, 50)).has_next);
  EXPECT_EQ(cut_page(numbers(0), page(2, 0)).pages, 0);
}

TEST(TextSearch, FindsAnywhereWhateverTheCase) {
  EXPECT_TRUE(contains_like("load-000001", "AD-0"));
  EXPECT_FALSE(contains_like("load-000001", "ad-1"));
  EXPECT_TRUE(contains_like("anything", ""));
}

TEST(TextSearch, TakesUnderscoreAndPercentForWildcards) {
  EXPECT_TRUE(contains_like("rec-000001", "rec_0000"));
  EXPECT_TRUE(contains_like("rec-000001", "r%1"));
  EXPECT_FALSE(contains_like("rec-000001", "r%2"));
  EXPECT_TRUE(contains_like("aab", "a_b"));
  EXPECT_TRUE(contains_like("xaaab", "a%ab"));
}

TEST(TextSearch, TakesABackslashForLiteral) {
  EXPECT_FALSE(contains_like("rec-0", "rec\\_0"));
  EXPECT_TRUE(contains_like("rec_0", "rec\\_0"));
}

TEST(TextSearch, StartsAtTheStartWhenAskedTo) {
  EXPECT_TRUE(starts_with_like("load-1", "LOAD"));
  EXPECT_FALSE(starts_with_like("my-load-1", "load"));
  EXPECT_TRUE(starts_with_like("my-load-1", "%load"));
}

}  // namespace
}  // namespace stresskit::sandbox
