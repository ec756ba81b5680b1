"""SIGReg, the prediction loss and their sum in three dialects; everything in float32."""

import torch


class SigReg(torch.nn.Module):
    """Epps-Pulley statistic of random slices: `[..., N, K]` and unit directions `[K, S]` to `[..., S]`."""

    def __init__(self, knots=17, t_max=3.0):
        super().__init__()
        if knots % 2 == 0:
            raise ValueError(f"loss.knots: found {knots}, expected an odd number")
        t = torch.linspace(0, t_max, knots, dtype=torch.float64)
        phi = torch.exp(-t.square() / 2)
        width = torch.full_like(t, 2 * t_max / (knots - 1))
        width[[0, -1]] /= 2
        self.register_buffer("t", t.float(), persistent=False)
        self.register_buffer("phi", phi.float(), persistent=False)
        self.register_buffer("weights", (phi * width).float(), persistent=False)

    def forward(self, z, directions):
        angles = (z @ directions).unsqueeze(-1) * self.t
        error = (angles.cos().mean(-3) - self.phi).square() + angles.sin().mean(-3).square()
        return (error @ self.weights) * z.shape[-2]


def draw_directions(width, slices, generator=None, device="cpu"):
    """Unit columns `[width, slices]`, drawn afresh for every step."""
    a = torch.randn(width, slices, generator=generator).to(device)
    return a / a.norm(dim=0)


class LeJepa(torch.nn.Module):
    """`z [V, N, K]`, its first `global_views` views global -> total, invariance, sigreg."""

    def __init__(self, dialect, weight, global_views, knots=17, t_max=3.0):
        super().__init__()
        if dialect not in ("paper", "minimal", "pooled"):
            raise ValueError(f"loss.dialect: found {dialect}, expected paper, minimal or pooled")
        self.dialect, self.weight, self.global_views = dialect, weight, global_views
        self.sigreg = SigReg(knots, t_max)

    def forward(self, z, directions):
        centre = z.mean(0) if self.dialect == "minimal" else z[: self.global_views].mean(0)
        invariance = (centre - z).square().mean()
        rows = z.flatten(0, 1) if self.dialect == "pooled" else z
        sigreg = self.sigreg(rows, directions).mean()
        share = 1.0 if self.dialect == "pooled" else 1.0 - self.weight
        return share * invariance + self.weight * sigreg, invariance, sigreg
