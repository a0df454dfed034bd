#include "stresskit/delivery/failure_table.hpp"

#include <string_view>

namespace stresskit::delivery {

std::uint32_t FailureTable::count(const fleet::Failure& failure) {
  using View = std::tuple<fleet::Stage, fleet::Bucket, std::string_view>;
  auto it = index_.find(View{failure.stage, failure.bucket, failure.detail});
  if (it == index_.end()) {
    const bool full = rows_.size() >= most_rows;
    const Key key{failure.stage, failure.bucket, full ? "other" : failure.detail};
    bool inserted = false;
    std::tie(it, inserted) = index_.try_emplace(key, static_cast<std::uint32_t>(rows_.size()));
    if (inserted) {
      rows_.push_back(
          {{failure.stage, failure.bucket, std::get<std::string>(key), failure.code}, 0});
    }
  }
  ++rows_[it->second].count;
  return it->second;
}

}  // namespace stresskit::delivery
