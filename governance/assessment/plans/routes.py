"""The pages of plans: the clinical risk management plan, the monitoring plan, the safety decision."""

from flask import Blueprint

from governance.assessment.plans import monitoring_routes, risk_routes, safety_routes

bp = Blueprint("plans", __name__)
for part in (risk_routes, monitoring_routes, safety_routes):
    bp.register_blueprint(part.bp)
