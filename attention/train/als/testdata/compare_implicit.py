"""Times the package implicit on a matrix that a Go benchmark wrote.

usage: compare_implicit.py FOLDER USERS ITEMS DIM LAMBDA ITERATIONS cg|cholesky THREADS
FOLDER holds start.i64, col.i32 and value.f32, a matrix by rows, little-endian. Prints
the seconds of all iterations, the processor's of the fit, and the loss after them.
"""
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # implicit asks for it: it has threads of its own
os.environ.pop("OPENBLAS_CORETYPE", None)

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares

folder, users, items, dim, lam, iterations, solver, threads = sys.argv[1:]
read = lambda name, kind: np.fromfile(os.path.join(folder, name), dtype=kind)
m = sp.csr_matrix((read("value.f32", "<f4"), read("col.i32", "<i4"), read("start.i64", "<i8")), shape=(int(users), int(items)))

model = AlternatingLeastSquares(factors=int(dim), regularization=float(lam), alpha=1.0, dtype=np.float32, iterations=int(iterations),
                                use_cg=solver == "cg", calculate_training_loss=False, num_threads=int(threads), random_state=1)
# Only the iterations are timed: fit calls back after each with its seconds.
took = []
cpu = time.process_time()
model.fit(m, show_progress=False, callback=lambda _, seconds, *rest: took.append(seconds))
cpu = time.process_time() - cpu

x, y = model.user_factors.astype(np.float64), model.item_factors.astype(np.float64)
loss = float(lam) * ((x**2).sum() + (y**2).sum()) + ((x.T @ x) * (y.T @ y)).sum()
row = np.repeat(np.arange(m.shape[0]), np.diff(m.indptr))
for at in range(0, m.nnz, 1 << 20):
    r, c, w = row[at:at + (1 << 20)], m.indices[at:at + (1 << 20)], m.data[at:at + (1 << 20)].astype(np.float64)
    s = (x[r] * y[c]).sum(1)
    loss += (w * (1 - s) ** 2 - s**2).sum()
print(sum(took), cpu, loss)
