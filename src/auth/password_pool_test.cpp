#include "auth/password_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace tocsin::auth {
namespace {

TEST(PasswordPool, RunsWhatIsSubmitted) {
  std::promise<int> done;
  PasswordPool pool;
  ASSERT_TRUE(pool.submit([&] { done.set_value(7); }).ok());
  EXPECT_EQ(done.get_future().get(), 7);
}

TEST(PasswordPool, BeyondTheBoundIsBusyAndNothingIsLost) {
  std::atomic<int> ran{0};
  std::promise<void> release;
  std::promise<void> started;
  const auto gate = release.get_future().share();
  std::promise<void> last;
  PasswordPool pool({.threads = 1, .waiting = 3});
  ASSERT_TRUE(pool.submit([&] { started.set_value(), gate.wait(), ++ran; }).ok());
  started.get_future().wait();
  int accepted = 0;
  for (int i = 0; i < 100; ++i) {
    const auto submitted = pool.submit([&] {
      if (++ran == 4) last.set_value();
    });
    accepted += submitted.ok() ? 1 : 0;
    EXPECT_TRUE(submitted.ok() || submitted.error().kind == ErrorKind::kBusy);
  }
  EXPECT_EQ(accepted, 3);
  release.set_value();
  last.get_future().wait();
  EXPECT_EQ(ran, 4);
}

TEST(PasswordPool, StoppingDropsWhatWaits) {
  std::promise<void> release;
  std::promise<void> started;
  const auto gate = release.get_future().share();
  std::atomic<int> ran{0};
  auto pool = std::make_unique<PasswordPool>(PasswordPoolOptions{.threads = 1, .waiting = 8});
  ASSERT_TRUE(pool->submit([&] { started.set_value(), gate.wait(); }).ok());
  started.get_future().wait();
  const auto witness = std::make_shared<int>(0);
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(pool->submit([&ran, witness] { ++ran; }).ok());
  pool->stop();
  release.set_value();
  pool.reset();
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(witness.use_count(), 1);
}

}  // namespace
}  // namespace tocsin::auth
