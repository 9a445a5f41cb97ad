//go:build goexperiment.simd && amd64

#include "textflag.h"

// The micro-kernels of gemm_simd.go for six rows: twelve sums in Y0 to Y11, two
// vectors of a panel in Y12 and Y13, two spread elements of A in Y14 and Y15. Go's compiler keeps
// one of the sixteen registers for itself and spills; hence by hand.

#define ZERO \
	VXORPS Y0, Y0, Y0    \
	VXORPS Y1, Y1, Y1    \
	VXORPS Y2, Y2, Y2    \
	VXORPS Y3, Y3, Y3    \
	VXORPS Y4, Y4, Y4    \
	VXORPS Y5, Y5, Y5    \
	VXORPS Y6, Y6, Y6    \
	VXORPS Y7, Y7, Y7    \
	VXORPS Y8, Y8, Y8    \
	VXORPS Y9, Y9, Y9    \
	VXORPS Y10, Y10, Y10 \
	VXORPS Y11, Y11, Y11

// TWO adds the products of two elements of A with the panel's row to four sums.
#define TWO(m0, m1, s0, s1, s2, s3) \
	VBROADCASTSS m0, Y14     \
	VBROADCASTSS m1, Y15     \
	VFMADD231PS  Y12, Y14, s0 \
	VFMADD231PS  Y13, Y14, s1 \
	VFMADD231PS  Y12, Y15, s2 \
	VFMADD231PS  Y13, Y15, s3

#define ADD(lo, hi) \
	VADDPS (DX), lo, lo   \
	VADDPS 32(DX), hi, hi \
	ADDQ   SI, DX

#define PUT(lo, hi) \
	VMOVUPS lo, (DX)   \
	VMOVUPS hi, 32(DX) \
	ADDQ    SI, DX

// STORE writes the sums to C, on top of what is there where R9 is not 0.
#define STORE \
	TESTQ R9, R9 \
	JZ    put    \
	MOVQ  DX, R8 \
	ADD(Y0, Y1)   \
	ADD(Y2, Y3)   \
	ADD(Y4, Y5)   \
	ADD(Y6, Y7)   \
	ADD(Y8, Y9)   \
	ADD(Y10, Y11) \
	MOVQ  R8, DX \
put: \
	PUT(Y0, Y1)   \
	PUT(Y2, Y3)   \
	PUT(Y4, Y5)   \
	PUT(Y6, Y7)   \
	PUT(Y8, Y9)   \
	PUT(Y10, Y11) \
	VZEROUPPER   \
	RET

// func sixRows(a *float32, lda uintptr, b, c *float32, ldc uintptr, k int, add bool)
TEXT ·sixRows(SB), NOSPLIT, $0-49
	MOVQ    a+0(FP), AX
	MOVQ    lda+8(FP), BX
	MOVQ    b+16(FP), CX
	MOVQ    c+24(FP), DX
	MOVQ    ldc+32(FP), SI
	MOVQ    k+40(FP), DI
	MOVBLZX add+48(FP), R9
	LEAQ    (AX)(BX*2), R8
	ADDQ    BX, R8         // the fourth row
	ZERO

next:
	VMOVUPS (CX), Y12
	VMOVUPS 32(CX), Y13
	TWO((AX), (AX)(BX*1), Y0, Y1, Y2, Y3)
	TWO((AX)(BX*2), (R8), Y4, Y5, Y6, Y7)
	TWO((R8)(BX*1), (R8)(BX*2), Y8, Y9, Y10, Y11)
	ADDQ $4, AX
	ADDQ $4, R8
	ADDQ $64, CX
	DECQ DI
	JNZ  next
	STORE

// func sixColumns(a *float32, lda uintptr, b, c *float32, ldc uintptr, k int, add bool)
TEXT ·sixColumns(SB), NOSPLIT, $0-49
	MOVQ    a+0(FP), AX
	MOVQ    lda+8(FP), BX
	MOVQ    b+16(FP), CX
	MOVQ    c+24(FP), DX
	MOVQ    ldc+32(FP), SI
	MOVQ    k+40(FP), DI
	MOVBLZX add+48(FP), R9
	ZERO

next:
	VMOVUPS (CX), Y12
	VMOVUPS 32(CX), Y13
	TWO((AX), 4(AX), Y0, Y1, Y2, Y3)
	TWO(8(AX), 12(AX), Y4, Y5, Y6, Y7)
	TWO(16(AX), 20(AX), Y8, Y9, Y10, Y11)
	ADDQ BX, AX
	ADDQ $64, CX
	DECQ DI
	JNZ  next
	STORE
