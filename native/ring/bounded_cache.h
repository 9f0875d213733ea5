#ifndef VEILSUM_RING_BOUNDED_CACHE_H_
#define VEILSUM_RING_BOUNDED_CACHE_H_

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace veilsum::ring {

/// Tables derived from public parameters, the last used ones kept up to a total weight. Safe to
/// share between threads; a table in use outlives its place in the cache.
template <class Key, class Table>
class BoundedCache {
 public:
  explicit BoundedCache(std::size_t capacity) : capacity_(capacity) {}

  /// The table of `key`, made by `make()` where it is not held. `weight` is a function of the key.
  template <class Make>
  std::shared_ptr<const Table> get(const Key& key, std::size_t weight, Make make) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = index_.find(key); found != index_.end()) return use(found->second);
    }
    std::shared_ptr<const Table> table = make();  // unlocked: other keys need not wait
    const std::lock_guard lock(mutex_);
    if (const auto found = index_.find(key); found != index_.end()) return use(found->second);
    entries_.push_front({key, table, weight});
    index_.emplace(key, entries_.begin());
    for (held_ += weight; held_ > capacity_ && entries_.size() > 1; entries_.pop_back()) {
      held_ -= entries_.back().weight;
      index_.erase(entries_.back().key);
    }
    return table;
  }

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const Table> table;
    std::size_t weight;
  };
  using Entries = std::list<Entry>;

  std::shared_ptr<const Table> use(typename Entries::iterator entry) {
    entries_.splice(entries_.begin(), entries_, entry);
    return entry->table;
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  Entries entries_;  // the last used first
  std::map<Key, typename Entries::iterator> index_;
  std::size_t held_ = 0;
};

}  // namespace veilsum::ring

#endif  // VEILSUM_RING_BOUNDED_CACHE_H_
