#include "mqtt/engine/native/timer_queue.hpp"

#include <algorithm>

namespace stresskit::mqtt::native {

TimerQueue::TimerQueue(std::size_t slots) : wanted_(slots, never), armed_(slots, never) {}

void TimerQueue::set(Slot slot, Mono::time_point at) {
  wanted_[slot] = at;
  if (at < armed_[slot]) {
    push(slot, at);
  }
}

void TimerQueue::cancel(Slot slot) {
  wanted_[slot] = never;
}

std::optional<Slot> TimerQueue::pop_due(Mono::time_point now) {
  while (next() <= now) {
    const Entry entry = pop();
    if (entry.at != armed_[entry.slot]) {
      continue;
    }
    armed_[entry.slot] = never;
    const Mono::time_point wanted = wanted_[entry.slot];
    if (wanted <= now) {
      wanted_[entry.slot] = never;
      return entry.slot;
    }
    if (wanted != never) {
      push(entry.slot, wanted);
    }
  }
  return std::nullopt;
}

Mono::time_point TimerQueue::next() const {
  return heap_.empty() ? never : heap_.front().at;
}

void TimerQueue::push(Slot slot, Mono::time_point at) {
  armed_[slot] = at;
  heap_.push_back({at, slot});
  std::ranges::push_heap(heap_, std::ranges::greater{}, &Entry::at);
}

TimerQueue::Entry TimerQueue::pop() {
  std::ranges::pop_heap(heap_, std::ranges::greater{}, &Entry::at);
  const Entry entry = heap_.back();
  heap_.pop_back();
  return entry;
}

}  // namespace stresskit::mqtt::native
