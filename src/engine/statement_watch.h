#pragma once
// What one execution has under way in the engine: rows for a client, files that are written, tables that are kept, schemas that are
// read from files. All of it can be interrupted and watched from outside.
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace firesteel::engine {

class Statement;
struct FairJob;

/// Thread safe.
class StatementWatch {
 public:
  /// Of the scheduler (spark.scheduler.pool); to be set before anything begins. Empty: the default one.
  void SetPool(std::string pool);
  /// Statements under way and those that begin later fail with OPERATION_CANCELED at their next step.
  void Interrupt();
  bool interrupted() const;
  /// 0 to 1 of the work of the newest statement; negative when unknown.
  double Progress() const;

  /// While one lives, the statements that this thread begins belong to the watch.
  class Scope {
   public:
    explicit Scope(std::shared_ptr<StatementWatch> watch);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    std::shared_ptr<StatementWatch> before_;
  };
  /// The calling thread's watch, or null.
  static std::shared_ptr<StatementWatch> Current();

 private:
  friend class Statement;
  void Add(Statement* statement);
  void Remove(const Statement* statement);
  std::shared_ptr<FairJob> Job();

  mutable std::mutex mutex_;
  bool interrupted_ = false;
  std::string pool_;
  std::shared_ptr<FairJob> job_;        // made when it is needed
  std::vector<Statement*> statements_;  // in the order of their beginning
};

}  // namespace firesteel::engine
