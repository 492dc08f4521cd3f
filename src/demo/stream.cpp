// The timeline: noise episodes spread by how busy the hours are, stories laid over them, everything in time
// order.
//
// Episode starts come in order: the alert number n of N stands where the timeline's busyness has reached n/N.
// Only what an episode says later waits, in a heap, so the whole is never in memory.

#include <algorithm>
#include <deque>
#include <queue>

#include "demo/demo.h"
#include "demo/noise.h"
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::vector<Family> all_families() {
  std::vector<Family> families;
  for (const auto& group : {network_noise(), endpoint_noise(), identity_noise(), cloud_noise()}) {
    families.insert(families.end(), group.begin(), group.end());
  }
  return families;
}

double busyness(const Family& family, Timestamp at) {
  return family.weight * intensity(family.rhythm, at);
}

double mean_burst(const Family& family) {
  return 0.5 * (family.burst_low + family.burst_high);
}

// Share of the timeline's alerts that lie before each hour's end.
class Calendar {
 public:
  Calendar(const std::vector<Family>& families, Timestamp begin, hours length) : begin_(begin) {
    double sum = 0;
    for (int hour = 0; hour < length.count(); ++hour) {
      for (const auto& family : families) sum += busyness(family, begin + hours(hour)) * mean_burst(family);
      reached_.push_back(sum);
    }
  }

  // The moment when `share` (0..1) of all alerts have been.
  Timestamp when(double share) const {
    const double target = share * reached_.back();
    const auto found = std::lower_bound(reached_.begin(), reached_.end(), target);
    const auto hour = std::min(found - reached_.begin(), static_cast<std::ptrdiff_t>(reached_.size()) - 1);
    const double before = hour == 0 ? 0 : reached_[static_cast<std::size_t>(hour) - 1];
    const double within = (target - before) / (reached_[static_cast<std::size_t>(hour)] - before);
    return begin_ + hours(hour) +
           Nanos(static_cast<std::int64_t>(within * static_cast<double>(Nanos(hours(1)).count())));
  }

 private:
  Timestamp begin_;
  std::vector<double> reached_;
};

// One alert of an episode that has not happened yet.
struct Pending {
  Timestamp at;
  std::uint64_t order;  // ties keep the order in which they were planned
  const Family* family;
  std::shared_ptr<const Cast> cast;
};

struct Later {
  bool operator()(const Pending& a, const Pending& b) const {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }
};

Timestamp start_of(const Story& story, Timestamp now) {
  const auto latest = now - hours(story.hours_before_now);
  if (story.starts_at_hour < 0) return latest;
  const auto that_day = std::chrono::floor<std::chrono::days>(latest) + hours(story.starts_at_hour);
  return that_day <= latest ? that_day : that_day - std::chrono::days(1);
}

std::deque<Delivery> write_stories(const Company& company, std::uint64_t seed, Timestamp now) {
  std::deque<Delivery> all;
  for (const auto& story : story_table()) {
    Random random(seed, story.name);
    const auto start = start_of(story, now) + random.duration(Nanos(0), minutes(25));
    StoryWriter writer(Scene{company, random}, story.name, start);
    story.write(writer);
    for (auto& delivery : writer.take()) all.push_back(std::move(delivery));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return all;
}

}  // namespace

struct Stream::Impl {
  explicit Impl(const Options& given)
      : options(given),
        company(make_company(given.seed)),
        random(given.seed, "noise"),
        families(all_families()),
        calendar(families, given.now - given.window, given.window) {
    if (options.stories) story_deliveries = write_stories(company, options.seed, options.now);
    noise_total = options.alerts > story_deliveries.size() ? options.alerts - story_deliveries.size() : 0;
  }

  std::optional<Delivery> next() {
    plan_until_sure();
    const bool story_first =
        !story_deliveries.empty() && (waiting.empty() || story_deliveries.front().at <= waiting.top().at);
    if (story_first) {
      auto delivery = std::move(story_deliveries.front());
      story_deliveries.pop_front();
      return delivery;
    }
    if (waiting.empty()) return std::nullopt;
    const auto due = waiting.top();
    waiting.pop();
    auto payload = due.family->write(Scene{company, random}, *due.cast, due.at);
    return Delivery{std::string(payload.source), std::move(payload.body), due.at, {}};
  }

 private:
  // Plans episodes until the earliest waiting alert cannot be overtaken by one that is not planned yet.
  void plan_until_sure() {
    while (planned < noise_total && (waiting.empty() || waiting.top().at > frontier)) plan_episode();
  }

  void plan_episode() {
    frontier =
        std::max(frontier, calendar.when(static_cast<double>(planned) / static_cast<double>(noise_total)));
    const auto& family = pick_family(frontier);
    const auto cast = std::make_shared<const Cast>(make_cast());
    const auto count = std::min<std::size_t>(
        static_cast<std::size_t>(random.between(family.burst_low, family.burst_high)), noise_total - planned);
    const auto span = std::min<Nanos>(minutes(family.span_minutes), options.now - frontier);
    for (std::size_t i = 0; i < count; ++i) {
      const auto delay = i == 0 ? Nanos(0) : random.duration(Nanos(0), span);
      waiting.push({frontier + delay, planned++, &family, cast});
    }
  }

  const Family& pick_family(Timestamp at) {
    double sum = 0;
    for (const auto& family : families) sum += busyness(family, at);
    double left = random.unit() * sum;
    for (const auto& family : families) {
      left -= busyness(family, at);
      if (left < 0) return family;
    }
    return families.back();
  }

  Cast make_cast() {
    Scene scene{company, random};
    Cast cast;
    cast.person = &scene.anyone();
    const bool chatty = random.chance(0.12);
    cast.workstation = chatty ? &company.hosts[company.chatty] : &company.workstation_of(*cast.person);
    cast.server = &scene.one_of(company.servers);
    cast.outside = random.public_ip();
    cast.variant = random.below(1U << 20U);
    return cast;
  }

 public:
  Options options;
  Company company;
  Random random;
  std::vector<Family> families;
  Calendar calendar;
  std::deque<Delivery> story_deliveries;
  std::priority_queue<Pending, std::vector<Pending>, Later> waiting;
  std::size_t noise_total = 0;
  std::size_t planned = 0;
  Timestamp frontier{};  // no episode that is still to be planned begins before it
};

Stream::Stream(const Options& options) : impl_(std::make_unique<Impl>(options)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

std::optional<Delivery> Stream::next() {
  return impl_->next();
}

}  // namespace tocsin::demo
