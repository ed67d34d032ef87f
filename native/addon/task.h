// Work on the crew's threads that settles promises.
#pragma once

#include <napi.h>

#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>

#include "../host/crew.h"

namespace memscan {

/// The result of work on one of the crew's threads, on its way to JavaScript.
class Task {
 public:
  virtual ~Task() = default;
  virtual void settle(Napi::Env env) = 0;
};

/// Brings tasks back to an environment's thread. Tasks in progress share ownership, because they may outlive the
/// environment: Node destroys a thread-safe function when its environment ends, whoever still refers to it.
class Mailbox {
 public:
  static std::shared_ptr<Mailbox> open(Napi::Env env) {
    const auto mailbox = std::make_shared<Mailbox>(env);
    // Runs before the thread-safe function's own cleanup hook, because it was added later.
    env.AddCleanupHook([mailbox] { mailbox->close(); });
    return mailbox;
  }

  explicit Mailbox(Napi::Env env) : function_(Function::New(env, "memscan", 0, 1, this)) { function_.Unref(env); }

  /// Call this on the environment's thread: the event loop runs as long as a task is awaited.
  void await(Napi::Env env) {
    if (awaited_++ == 0) function_.Ref(env);
  }

  /// On any thread: settles the task on the environment's thread, unless the environment has ended.
  void send(std::unique_ptr<Task> task) {
    const std::lock_guard lock(mutex_);
    if (!closed_ && function_.BlockingCall(task.get()) == napi_ok) (void)task.release();
  }

 private:
  static void receive(Napi::Env env, Napi::Function, Mailbox* mailbox, Task* received) {
    const std::unique_ptr<Task> task(received);
    if (env == nullptr) return;  // the environment is ending
    if (--mailbox->awaited_ == 0) mailbox->function_.Unref(env);
    task->settle(env);
  }
  using Function = Napi::TypedThreadSafeFunction<Mailbox, Task, &receive>;

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

  const Function function_;
  size_t awaited_ = 0;
  std::mutex mutex_;
  bool closed_ = false;
};

/// The addon's data for an environment.
struct Instance {
  std::shared_ptr<Mailbox> mailbox;
};

/// Work on one of the crew's threads that settles a promise with its result.
template <class Result>
class PromiseTask : public Task {
 public:
  explicit PromiseTask(Napi::Env env) : deferred_(Napi::Promise::Deferred::New(env)) {}

  /// Starts the work and returns the promise. The task deletes itself when it is done.
  Napi::Value start(Napi::Env env) {
    const auto mailbox = env.GetInstanceData<Instance>()->mailbox;
    const Napi::Value promise = deferred_.Promise();
    try {
      Crew::instance().add([this, mailbox] {
        run();
        mailbox->send(std::unique_ptr<Task>(this));
      });
      mailbox->await(env);
    } catch (const std::system_error& failure) {
      error_ = std::string("no thread can be made: ") + failure.what();
      settle(env);
      delete this;
    }
    return promise;
  }

 protected:
  virtual Result work() = 0;
  virtual Napi::Value toValue(Napi::Env env) = 0;
  Result result_;

 private:
  void run() {
    try {
      result_ = work();
    } catch (const std::exception& error) {
      error_ = error.what();
    }
  }

  void settle(Napi::Env env) override {
    if (error_.empty()) {
      deferred_.Resolve(toValue(env));
    } else {
      deferred_.Reject(Napi::Error::New(env, error_).Value());
    }
  }

  const Napi::Promise::Deferred deferred_;
  std::string error_;
};

}  // namespace memscan
