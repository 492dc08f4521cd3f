#pragma once
// On whose behalf this thread writes. Whoever takes a request, a job or a command says so once, and every
// write below it is recorded under that name (audit.h), however many calls lie between: a write that nobody
// spoke for is the machine's own.
//
//   const store::Acting acting({.actor = "ana", .kind = store::ActorKind::kPerson, .address = "10.1.2.3"});
//   context.store().alerts().update(…);   // audited as ana's
//
// Bound to the thread: work that goes on elsewhere takes a copy of current() along.

#include <cstdint>
#include <string>

namespace tocsin::store {

enum class ActorKind : std::uint8_t { kMachine, kPerson, kKey };

struct Origin {
  std::string actor = "tocsin";  // a person's sign-in name, a key's name, or a part of the program
  ActorKind kind = ActorKind::kMachine;
  std::string address{};   // of the client; empty: this machine itself
  std::string trace_id{};  // of the request
  std::string reason{};    // as the person gave it
  double word = 1;         // how much their verdicts count where one learns from them, 0..1
};

// Speaks for this thread until its scope ends; scopes nest.
class Acting {
 public:
  explicit Acting(Origin origin);
  ~Acting();
  Acting(const Acting&) = delete;
  Acting& operator=(const Acting&) = delete;

  static const Origin& current();

 private:
  Origin origin_;
  const Origin* before_;
};

}  // namespace tocsin::store
